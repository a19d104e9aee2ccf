// A delivery that has a row: it fell due, or its turn has come. Whoever claims it attempts it; everybody else finds it
// claimed, attempted or over, and leaves it.

import { cancel, claim, type Delivery, isOver, park } from '../domain/delivery.ts';
import { Defect } from '../domain/refusal.ts';
import type { Stored } from '../store/row.ts';
import { loadDelivery, loadForDelivery } from '../store/webhooks.ts';
import { isOpen, learn, watch } from './circuit.ts';
import type { Work } from './first.ts';
import type { MessageOf } from './message.ts';
import type { DeliverPorts } from './ports.ts';
import { follow, keep, settle, write } from './record.ts';
import { send } from './send.ts';

/** SQS keeps a message back for whole seconds, and two clocks are never the same. */
const earlyMs = 1_000;

export async function attemptAgain(ports: DeliverPorts, message: MessageOf<'attempt'>, work: Work): Promise<void> {
  const { platform } = ports;
  const found = await loadDelivery(platform, message, message.delivery);
  if (found === undefined) throw new Defect('a message names a delivery that never was');
  const { value } = found;
  // Told of again after it was over: its successor may not have heard.
  if (isOver(value)) return follow(ports, value);
  if (value.status === 'parked') return;
  if (value.status === 'blocked' && !(await free(ports, value))) return;
  const nowMs = platform.clock();
  if (value.due_at !== null && Date.parse(value.due_at) > nowMs + earlyMs) return;

  const receiver = await ports.receivers.get(message, value.webhook_endpoint);
  const endpoint = receiver.endpoint?.value;
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const turn = (next: Delivery) => write(ports, found, { next, fact: null }, work.requestId);
  if (endpoint.status === 'deleted') return end(ports, found, work);
  const waits = endpoint.status === 'disabled' || (await isOpen(ports, endpoint, endpoint.id, receiver.health));
  if (waits) {
    await turn(park(value));
    return;
  }
  const claimed = claim(value, nowMs);
  const held = claimed && (await turn(claimed));
  if (!held) return;
  const { event } = await loadForDelivery(platform, message, value.event, []);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  const watched = await watch(ports, endpoint, receiver.health, () => send(ports, endpoint, event));
  await keep(ports, held, held.value, watched.result, work.requestId);
  await learn(ports, endpoint, watched, work.requestId);
}

/** Whether the delivery that a blocked one waits for is over. */
async function free({ platform }: DeliverPorts, value: Delivery): Promise<boolean> {
  const before = value.blocked_by === null ? undefined : await loadDelivery(platform, value, value.blocked_by);
  return before === undefined || isOver(before.value);
}

async function end(ports: DeliverPorts, found: Stored<Delivery>, work: Work): Promise<void> {
  const decide = (now: Delivery) => (isOver(now) ? null : { fact: null, next: cancel(now) });
  await follow(ports, await settle(ports, found, found.value, decide, work.requestId));
}
