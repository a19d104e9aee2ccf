// Works on one event of a provider: each of its notifications is told to its payment, then the event says what came of it.
// Everything here may be done again, and by two at once. What fails is looked at again later and holds up nothing else.

import { loadProviderEvent, updateProviderEvent } from '../connections/store.ts';
import { defectOf } from '../kernel/operation/refusal.ts';
import type { Act } from '../kernel/store/commit.ts';
import type { Key } from '../kernel/store/row.ts';
import { tell } from './apply_notification.ts';
import { isOpenEvent, type Outcome, type ProviderEvent, recordLook, worst } from './domain/processor_event.ts';
import type { SettlerPorts } from './ports.ts';

/** False where there was nothing to do. Throws only where not even that it failed could be kept. */
export async function settleEvent(ports: SettlerPorts, key: Key): Promise<boolean> {
  const { platform } = ports;
  const found = await loadProviderEvent(platform, key);
  if (found === undefined || !isOpenEvent(found.value)) return false;
  const event = found.value;
  const { tenant, mode, request_id: requestId } = event;
  const actor = { kind: 'system', id: 'settler' } as const;
  const act: Act = { tenant, mode, actor, onBehalfOf: null, requestId, address: null };
  const next = recordLook(event, await outcomeOf(ports, event, act), platform.clock());
  // Whoever was faster came to the same.
  if (!(await updateProviderEvent(platform, found, next, act))) return true;
  const told = { object: event.id, tenant, mode, request_id: requestId };
  if (next.status === 'unmatched') platform.log('event_unmatched', told);
  if (next.status === 'contradicted') platform.log('event_contradicts', told);
  return true;
}

async function outcomeOf(ports: SettlerPorts, event: ProviderEvent, act: Act): Promise<Outcome> {
  // What is let go of is the rest: whatever was captured comes before.
  const last = event.notifications.filter(({ tells }) => tells.kind === 'released');
  const first = event.notifications.filter(({ tells }) => tells.kind !== 'released');
  const told: Outcome[] = [];
  try {
    for (const notification of [...first, ...last]) told.push(await tell({ ports, event, notification, act }));
    return worst(told);
  } catch (error) {
    const defect = defectOf(error);
    ports.platform.log('event_failed', { object: event.id, request_id: event.request_id, defect });
    return 'waiting';
  }
}
