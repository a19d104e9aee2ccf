// Works on one event of a provider: each of its notifications is told to its payment, then the event says what came of it.
// Everything here may be done again, and by two at once. What fails is looked at again later and holds up nothing else.

import { defectOf } from '../kernel/domain/refusal.ts';
import { type AuditContext, systemContext } from '../kernel/store/commit.ts';
import { applyNotification } from './apply_notification.ts';
import { isOpenEvent, type Outcome, type ProcessorEvent, recordRetry, worst } from './domain/processor_event.ts';
import type { ProcessorEventPorts } from './ports.ts';
import { type EventName, loadProcessorEvent, updateProcessorEvent } from './store.ts';

/** False where there was nothing to do. Throws only where not even that it failed could be kept. */
export async function applyEvent(ports: ProcessorEventPorts, name: EventName): Promise<boolean> {
  const { platform } = ports;
  const found = await loadProcessorEvent(platform, name);
  if (found === undefined || !isOpenEvent(found.value)) return false;
  const event = found.value;
  const { tenant, mode, request_id: requestId } = event;
  const act = systemContext('processor_events', { tenant, mode }, requestId);
  const next = recordRetry(event, await outcomeOf(ports, event, act), platform.clock());
  // Whoever was faster came to the same.
  if (!(await updateProcessorEvent(platform, found, next, act))) return true;
  const told = { object: event.id, tenant, mode, request_id: requestId };
  if (next.status === 'unmatched') platform.log('event_unmatched', told);
  if (next.status === 'contradicted') platform.log('event_contradicts', told);
  return true;
}

async function outcomeOf(ports: ProcessorEventPorts, event: ProcessorEvent, act: AuditContext): Promise<Outcome> {
  // What is let go of is the rest: whatever was captured comes before.
  const last = event.notifications.filter(({ effect }) => effect.kind === 'released');
  const first = event.notifications.filter(({ effect }) => effect.kind !== 'released');
  const told: Outcome[] = [];
  try {
    for (const notification of [...first, ...last])
      told.push(await applyNotification({ ports, event, notification, act }));
    return worst(told);
  } catch (error) {
    const defect = defectOf(error);
    const { id: object, tenant, mode, request_id } = event;
    ports.platform.log('event_failed', { object, tenant, mode, request_id, defect });
    return 'waiting';
  }
}
