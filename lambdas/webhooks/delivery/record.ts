// Keeps what came of a delivery, whoever else was at it. A delivery that is over lets its successor go: that message is
// sent after the row says so, and again by whoever finds it so, so that no crash between the two holds a lane.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import { type AuditContext, commit, foundRow } from '../../kernel/store/commit.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { afterAttempt, type Delivery, isOver, type Result } from '../domain/delivery.ts';
import { post } from '../message.ts';
import { deliveryRow, loadDelivery, responseContext } from '../store.ts';
import type { DeliverPorts } from './ports.ts';

const auditContextOf = ({ tenant, mode }: Delivery, requestId: string): AuditContext => ({
  tenant,
  mode,
  actor: { kind: 'system', id: 'deliver' },
  onBehalfOf: null,
  requestId,
  address: null,
});

/** Undefined: another was faster. */
export async function write(
  { platform }: DeliverPorts,
  before: Stored<Delivery>,
  next: Delivery,
  requestId: string,
): Promise<Stored<Delivery> | undefined> {
  const done = await commit(platform, [{ type: deliveryRow, before, next }], null, auditContextOf(next, requestId));
  return done.kind === 'committed' ? done.rows[0] : undefined;
}

/** Two rows or none. */
export async function writeBoth(
  { platform }: DeliverPorts,
  one: { readonly before: Stored<Delivery> | null; readonly next: Delivery },
  other: { readonly before: Stored<Delivery> | null; readonly next: Delivery },
  requestId: string,
): Promise<boolean> {
  const writes = [
    { type: deliveryRow, ...one },
    { type: deliveryRow, ...other },
  ] as const;
  const done = await commit(platform, writes, null, auditContextOf(one.next, requestId));
  return done.kind === 'committed';
}

/**
 * Decides anew on whatever the row is by now, until it is kept. `fresh` is the row that is made where there is none. Null:
 * there is nothing to decide any more. Resolves with the row as it is then.
 */
export async function settle(
  ports: DeliverPorts,
  before: Stored<Delivery> | null,
  fresh: Delivery,
  decide: (now: Delivery) => Change<Delivery> | null,
  requestId: string,
): Promise<Delivery> {
  let current = before;
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const value = current?.value ?? fresh;
    const change = decide(value);
    if (change === null) return value;
    const { next, fact } = change;
    const recording = fact && { type: fact, aggregateId: next.id };
    const writes = [{ type: deliveryRow, before: current, next }] as const;
    const done = await commit(ports.platform, writes, recording, auditContextOf(next, requestId));
    if (done.kind === 'committed') return next;
    current = foundRow(deliveryRow, done.found[0]) ?? (await loadDelivery(ports.platform, fresh, fresh.id)) ?? null;
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}

/** Keeps an attempt's result, and sends on what follows: the next attempt, or the successor's turn. */
export async function recordAttempt(
  ports: DeliverPorts,
  before: Stored<Delivery> | null,
  fresh: Delivery,
  result: Result,
  requestId: string,
): Promise<Delivery> {
  const { platform } = ports;
  const jitter = (platform.random(1)[0] ?? 0) / 255;
  const number = fresh.attempts.length + 1;
  const response =
    result.response === null ? null : await ports.keyring.seal(result.response, responseContext(fresh, number));
  const sealed = { ...result, response };
  const delivery = await settle(
    ports,
    before,
    fresh,
    // Somebody else's attempt of the same number was kept already: ours was one too many.
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
  await scheduleNext(ports, delivery);
  return delivery;
}

/** What a row sets in motion as it stands. May be repeated at will. */
export async function scheduleNext({ platform }: DeliverPorts, delivery: Delivery): Promise<void> {
  const { tenant, mode, due_at, successor } = delivery;
  const attempt = (id: string) => ({ do: 'attempt', tenant, mode, delivery: id }) as const;
  if (isOver(delivery)) {
    if (successor !== null) await post(platform, [{ message: attempt(successor) }]);
    return;
  }
  if (delivery.status !== 'pending' || due_at === null) return;
  const afterMs = Date.parse(due_at) - platform.clock();
  // What is due later is the dispatcher's.
  if (afterMs > limits.enqueuedAheadMs) return;
  await post(platform, [{ message: attempt(delivery.id), afterMs }]);
}
