// Messages in a region that takes writes no more: what nobody began to deliver becomes rows that are due, which the region that
// writes now finds once they have replicated. Rows are inserted, so one that is there already stays as it is. Everything else that
// a message may ask for has its row, which is due: the writer's dispatcher begins it anew.

import { presentEvents } from '../../events/store.ts';
import { insertAll } from '../../kernel/store/batch.ts';
import { insertedItem } from '../../kernel/store/row.ts';
import { newDelivery } from '../domain/delivery.ts';
import { fanOutTasks } from '../fan_out.ts';
import type { Message, TaskOf } from '../message.ts';
import { deliveryId, deliveryRow } from '../store/deliveries.ts';
import type { DeliverPorts } from './ports.ts';

/** False: the message asks for nothing that becomes a row. */
export async function handOver(ports: DeliverPorts, message: Message | undefined): Promise<boolean> {
  const tasks = await deliveriesOf(ports, message);
  for (const task of tasks ?? []) await leaveDue(ports, task);
  return tasks !== null;
}

async function deliveriesOf(
  { platform }: DeliverPorts,
  message: Message | undefined,
): Promise<readonly TaskOf<'deliver'>[] | null> {
  if (message?.kind === 'deliver') return [message];
  // What was the other region's to begin with, it has begun.
  if (message?.kind !== 'fan_out' || message.maybe_begun) return null;
  const { tenant, mode, events } = message;
  return fanOutTasks(platform, { tenant, mode }, await presentEvents(platform, message, events));
}

async function leaveDue({ platform }: DeliverPorts, message: TaskOf<'deliver'>): Promise<void> {
  const { region } = platform.config;
  const ids = message.events.map(({ id }) => id);
  const rows = (await presentEvents(platform, message, ids)).map((event) => {
    const { id } = event;
    const delivery = newDelivery({ ...message, id: deliveryId(platform, id, message) }, event, platform.clock());
    return { table: 'webhooks', item: insertedItem(deliveryRow, delivery, delivery.id, region) } as const;
  });
  await insertAll(platform, rows);
}
