// Writes what becomes of a delivery, whoever else writes it at the same time. When a delivery is over its successor's turn
// comes: that message is sent after the row says so, and again by whoever finds the row so, so that a crash between the two
// holds up no successor.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import { commit, commitChange, foundRow, systemContext } from '../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { afterAttempt, type Delivery, isOver, postpone, type Result } from '../domain/delivery.ts';
import { postFollowing } from '../message.ts';
import { deliveryRow, loadDelivery, responseContext } from '../store/deliveries.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './work.ts';

/** A delivery as read, or (`before` null) as its row is still to be made. */
export interface DeliveryState {
  readonly before: Stored<Delivery> | null;
  readonly value: Delivery;
}

/** Undefined: another was faster. */
export async function commitDelivery(
  { platform }: DeliverPorts,
  before: Stored<Delivery>,
  next: Delivery,
  requestId: string,
): Promise<Stored<Delivery> | undefined> {
  const audit = systemContext('deliver', next, requestId);
  const done = await commitChange(platform, deliveryRow, before, { next, fact: null }, audit);
  return done.kind === 'committed' ? done.rows[0] : undefined;
}

/** Both rows or none. False: another was faster. */
export async function commitBoth(
  { platform }: DeliverPorts,
  one: { readonly before: Stored<Delivery> | null; readonly next: Delivery },
  other: { readonly before: Stored<Delivery> | null; readonly next: Delivery },
  requestId: string,
): Promise<boolean> {
  const writes = [
    { type: deliveryRow, ...one },
    { type: deliveryRow, ...other },
  ] as const;
  const done = await commit(platform, writes, null, systemContext('deliver', one.next, requestId));
  return done.kind === 'committed';
}

/**
 * Decides about the row as it is by now, again and again until the decision is committed. Null: there is nothing to decide
 * any more. Resolves with the delivery as it is then.
 */
export async function settle(
  { platform }: DeliverPorts,
  { before, value: initial }: DeliveryState,
  decide: (now: Delivery) => Change<Delivery> | null,
  requestId: string,
): Promise<Delivery> {
  const audit = systemContext('deliver', initial, requestId);
  let current = before;
  return untilCommitted(platform, async () => {
    const value = current?.value ?? initial;
    const decided = decide(value);
    if (decided === null) return value;
    const done = await commitChange(platform, deliveryRow, current, decided, audit);
    if (done.kind === 'committed') return decided.next;
    current = foundRow(deliveryRow, done.found[0]) ?? (await loadDelivery(platform, initial, initial.id)) ?? null;
    return conflict;
  });
}

/** Records an attempt's result, and schedules what follows: the next attempt, or the successor's turn. */
export async function recordAttempt(
  ports: DeliverPorts,
  state: DeliveryState,
  result: Result,
  requestId: string,
): Promise<Delivery> {
  const { platform } = ports;
  const jitter = (platform.random(1)[0] ?? 0) / 255;
  const number = state.value.attempts.length + 1;
  const context = responseContext(state.value, number);
  const response = result.response === null ? null : await ports.keyring.seal(result.response, context);
  const sealed = { ...result, response };
  const delivery = await settle(
    ports,
    state,
    // Another attempt of the same number was recorded already: ours was one too many.
    (now) =>
      isOver(now) || now.attempts.length >= number ? null : afterAttempt(now, sealed, platform.clock(), jitter),
    requestId,
  );
  platform.log('delivery_attempted', {
    object: delivery.id,
    tenant: delivery.tenant,
    attempt: number,
    duration_ms: result.latency_ms,
    ...(result.status !== null && { status: result.status }),
  });
  return delivery;
}

/** What follows from a row as it is. It may be repeated at will. */
export async function scheduleNext(ports: DeliverPorts, delivery: Delivery, work: Work): Promise<void> {
  const { platform } = ports;
  const { tenant, mode, due_at, successor } = delivery;
  const attempt = (id: string) => ({ kind: 'attempt', tenant, mode, delivery: id }) as const;
  if (isOver(delivery)) {
    if (successor === null) return;
    const posted = await postFollowing(platform, work, [{ message: attempt(successor) }]);
    if (!posted) await makeDue(ports, delivery, successor, work);
    return;
  }
  if (delivery.status !== 'pending' || due_at === null) return;
  const afterMs = Date.parse(due_at) - platform.clock();
  // What is due later, and what ends a chain of messages, is the dispatcher's.
  if (afterMs <= limits.enqueuedAheadMs)
    await postFollowing(platform, work, [{ message: attempt(delivery.id), afterMs }]);
}

/** A delivery that waits for one that is over waits for the dispatcher instead. */
async function makeDue(ports: DeliverPorts, owner: TenantScope, id: string, { requestId }: Work): Promise<void> {
  const before = await loadDelivery(ports.platform, owner, id);
  if (before?.value.status !== 'blocked') return;
  const dueMs = ports.platform.clock();
  const decide = (now: Delivery) => (now.status === 'blocked' ? { fact: null, next: postpone(now, dueMs) } : null);
  await settle(ports, { before, value: before.value }, decide, requestId);
}
