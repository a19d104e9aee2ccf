// A delivery that has a row: it fell due, or its predecessor is over. Whoever claims it attempts it; everybody else finds it
// claimed, attempted or over, and leaves it.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import { cancel, claim, type Delivery, isOver, park } from '../domain/delivery.ts';
import type { MessageOf } from '../message.ts';
import { loadDelivery, loadForDelivery } from '../store/deliveries.ts';
import { attemptAndRecord, isCircuitOpen } from './circuit.ts';
import type { Work } from './initial_attempt.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { commitDelivery, type DeliveryState, scheduleNext, settle } from './record.ts';
import { prepare } from './send.ts';

/** SQS keeps a message back for whole seconds, and two clocks are never the same. */
const earlyMs = 1_000;

export async function retryAttempt(ports: DeliverPorts, message: MessageOf<'attempt'>, work: Work): Promise<void> {
  // Whoever was faster may only have been blocked behind it: the row as it is now says what is to be done.
  await untilCommitted(ports.platform, () => attemptOnce(ports, message, work));
}

async function attemptOnce(
  ports: DeliverPorts,
  message: MessageOf<'attempt'>,
  { requestId }: Work,
): Promise<'done' | typeof conflict> {
  const { platform } = ports;
  const found = await loadDelivery(platform, message, message.delivery);
  if (found === undefined) throw new Defect('a message names a delivery that never was');
  const { value } = found;
  const state: DeliveryState = { before: found, value };
  // A message that comes after it was over: its successor may have got none.
  if (isOver(value)) return done(scheduleNext(ports, value));
  if (value.status === 'parked') return 'done';
  if (value.status === 'blocked' && !(await isUnblocked(ports, value))) return 'done';
  const nowMs = platform.clock();
  if (value.due_at !== null && Date.parse(value.due_at) > nowMs + earlyMs) return 'done';

  const { endpoint, health } = await ports.receivers.get(message, value.webhook_endpoint);
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const change = (decide: (now: Delivery) => Delivery): Promise<Delivery> =>
    settle(ports, state, (now) => (isOver(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') return done(scheduleNext(ports, await change(cancel)));
  if (endpoint.status === 'disabled') return done(change(park));
  const { event } = await loadForDelivery(platform, message, value.event, []);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  // Whoever made the row (a successor, a parking) may not have looked for what comes before it.
  if (value.attempts.length === 0 && value.status !== 'blocked') {
    const scope = await orderingScopeOf(platform, endpoint, value.replay);
    const known = { over: new Set<string>(), read: new Map() };
    if ((await enforceOrdering(ports, scope, state, event.previous, known, requestId)) !== null) return 'done';
  }
  if (await isCircuitOpen(ports, endpoint, health)) return done(change(park));
  const attempt = await prepare(ports, endpoint, event);
  const claimed = claim(value, platform.clock());
  if (claimed === null) return 'done';
  const held = await commitDelivery(ports, found, claimed, requestId);
  if (held === undefined) return conflict;
  // A lease that would end during the attempt keeps nobody away: the delivery is due again when it has.
  if ((held.value.lease_until_ms ?? 0) - platform.clock() < limits.attemptMs) return 'done';
  const claimedState = { before: held, value: held.value };
  return done(attemptAndRecord(ports, { endpoint, health }, claimedState, attempt, requestId));
}

const done = (work: Promise<unknown>): Promise<'done'> => work.then(() => 'done');

/** Whether the delivery that a blocked one waits for is over. */
async function isUnblocked({ platform }: DeliverPorts, value: Delivery): Promise<boolean> {
  const before = value.blocked_by === null ? undefined : await loadDelivery(platform, value, value.blocked_by);
  return before === undefined || isOver(before.value);
}
