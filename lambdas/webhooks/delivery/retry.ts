// A delivery that has a row: it fell due, or its predecessor is over. Whoever claims it attempts it; everybody else finds it
// claimed, attempted or over, and leaves it.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import { cancel, claim, type Delivery, isHeld, isOver, park } from '../domain/delivery.ts';
import { type MessageOf, postFollowing } from '../message.ts';
import { loadDelivery, loadForDelivery } from '../store/deliveries.ts';
import { attemptAndRecord, isCircuitOpen } from './circuit.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { commitDelivery, type DeliveryState, scheduleNext, settle } from './record.ts';
import { prepare } from './send.ts';
import type { Work } from './work.ts';

/** SQS keeps a message back for whole seconds, and two clocks are never the same. */
const earlyMs = 1_000;

export async function retryAttempt(ports: DeliverPorts, message: MessageOf<'attempt'>, work: Work): Promise<void> {
  const delivery = await attemptNow(ports, message, message.delivery, work);
  if (delivery !== null) await goOnFrom(ports, delivery, work);
}

/**
 * What follows from a delivery. Whatever waited for it is attempted while there is time, so that a row of deliveries is no chain
 * of as many messages.
 */
export async function goOnFrom(ports: DeliverPorts, from: Delivery, work: Work): Promise<void> {
  for (let delivery: Delivery | null = from; delivery !== null; ) {
    const successor = isOver(delivery) ? delivery.successor : null;
    if (successor === null || ports.platform.clock() >= work.stopMs) return scheduleNext(ports, delivery, work);
    delivery = await attemptNow(ports, delivery, successor, work);
  }
}

/** Whoever was faster may only have been blocked behind it: the row as it is now says what is to be done. */
const attemptNow = (ports: DeliverPorts, owner: TenantScope, id: string, work: Work): Promise<Delivery | null> =>
  untilCommitted(ports.platform, () => attemptOnce(ports, owner, id, work));

/** The delivery from which something follows; null: somebody else sees to it. */
async function attemptOnce(
  ports: DeliverPorts,
  owner: TenantScope,
  id: string,
  work: Work,
): Promise<Delivery | null | typeof conflict> {
  const { platform } = ports;
  const { requestId } = work;
  const found = await loadDelivery(platform, owner, id);
  if (found === undefined) throw new Defect('a message names a delivery that never was');
  const { value } = found;
  const state: DeliveryState = { before: found, value };
  // A message that comes after it was over: its successor may have got none.
  if (isOver(value)) return value;
  if (value.status === 'parked') return null;
  if (value.status === 'blocked' && !(await isUnblocked(ports, value))) return null;
  const nowMs = platform.clock();
  if (isHeld(value, nowMs)) return lookAgain(ports, value, work);
  if (value.due_at !== null && Date.parse(value.due_at) > nowMs + earlyMs) return null;

  const { endpoint, health } = await ports.receivers.get(owner, value.webhook_endpoint);
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  // Whoever has claimed it since goes on with it.
  const isOthers = (now: Delivery): boolean => isOver(now) || isHeld(now, platform.clock());
  const change = (decide: (now: Delivery) => Delivery): Promise<Delivery> =>
    settle(ports, state, (now) => (isOthers(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') return change(cancel);
  if (endpoint.status !== 'enabled') return change(park);
  const { event } = await loadForDelivery(platform, owner, value.event, []);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  // Whoever made the row (a successor, a parking) may not have looked for what comes before it.
  if (value.attempts.length === 0 && value.status !== 'blocked') {
    const scope = await orderingScopeOf(platform, endpoint, value.replay);
    const known = { over: new Set<string>(), read: new Map() };
    if ((await enforceOrdering(ports, scope, state, event.previous, known, requestId)) !== null) return null;
  }
  if (await isCircuitOpen(ports, endpoint, health)) return change(park);
  const attempt = await prepare(ports, endpoint, event);
  const claimed = claim(value, platform.clock());
  if (claimed === null) return null;
  const held = await commitDelivery(ports, found, claimed, requestId);
  if (held === undefined) return conflict;
  // A lease that would end during the attempt keeps nobody away: the delivery is due again when it has.
  if ((held.value.lease_until_ms ?? 0) - platform.clock() < limits.attemptMs) return null;
  const claimedState = { before: held, value: held.value };
  return attemptAndRecord(ports, { endpoint, health }, claimedState, attempt, work);
}

/**
 * Whoever holds it may die after its outcome is recorded and before anything follows from it, and by then our message is done with:
 * so it is looked at again when nobody can hold it any more.
 */
async function lookAgain({ platform }: DeliverPorts, value: Delivery, work: Work): Promise<null> {
  const { tenant, mode, id, lease_until_ms } = value;
  const afterMs = (lease_until_ms ?? 0) - platform.clock();
  const message = { kind: 'attempt', tenant, mode, delivery: id } as const;
  // At the end of a chain the message itself comes again.
  if (!(await postFollowing(platform, work, [{ message, afterMs }]))) throw new Defect('a delivery is held by another');
  return null;
}

/** Whether the delivery that a blocked one waits for is over. */
async function isUnblocked({ platform }: DeliverPorts, value: Delivery): Promise<boolean> {
  const before = value.blocked_by === null ? undefined : await loadDelivery(platform, value, value.blocked_by);
  return before === undefined || isOver(before.value);
}
