// Applies one event of a provider: each of its notifications to its payment, then the outcome to the event. All of it may be
// repeated, and done by two at once. What fails is retried later and holds up nothing else.

import { defectOf } from '../kernel/domain/refusal.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { type AuditContext, systemContext } from '../kernel/store/commit.ts';
import { load } from '../kernel/store/load.ts';
import { applyNotification } from './apply_notification.ts';
import { isOpenEvent, type Outcome, type ProcessorEvent, recordRetry, worst } from './domain/processor_event.ts';
import { type EventName, processorEventRow, writeProcessorEvent } from './store.ts';

/** False where there was nothing to do. Throws only where not even the failure could be stored. */
export async function applyEvent(ports: HandlerPorts, name: EventName): Promise<boolean> {
  const { platform } = ports;
  const found = await load(platform, processorEventRow, name);
  if (found === undefined || !isOpenEvent(found.value)) return false;
  const event = found.value;
  const { id: object, tenant, mode, request_id } = event;
  const audit = systemContext('processor_events', event, request_id);
  const next = recordRetry(event, await outcomeOf(ports, event, audit), platform.clock());
  // Another that was faster came to the same outcome.
  if (!(await writeProcessorEvent(platform, found, next, audit))) return true;
  if (next.status === 'unmatched') platform.log('event_unmatched', { object, tenant, mode, request_id });
  if (next.status === 'contradicted') platform.log('event_contradicts', { object, tenant, mode, request_id });
  return true;
}

async function outcomeOf(ports: HandlerPorts, event: ProcessorEvent, audit: AuditContext): Promise<Outcome> {
  // A release is about the rest: whatever was captured comes before it.
  const last = event.notifications.filter(({ effect }) => effect.kind === 'released');
  const first = event.notifications.filter(({ effect }) => effect.kind !== 'released');
  const outcomes: Outcome[] = [];
  try {
    for (const notification of [...first, ...last]) {
      outcomes.push(await applyNotification({ ports, event, notification, audit }));
    }
    return worst(outcomes);
  } catch (error) {
    const defect = defectOf(error);
    const { id: object, tenant, mode, request_id } = event;
    ports.platform.log('event_failed', { object, tenant, mode, request_id, defect });
    return 'waiting';
  }
}
