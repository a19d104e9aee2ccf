// A delivery that has a row: it fell due, or its turn has come. Whoever claims it attempts it; everybody else finds it
// claimed, attempted or over, and leaves it.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect, Refusal } from '../../kernel/domain/refusal.ts';
import { cancel, claim, type Delivery, isOver, park } from '../domain/delivery.ts';
import type { MessageOf } from '../message.ts';
import { loadDelivery, loadForDelivery } from '../store.ts';
import { attemptWithTimeoutSignal, isOpen, recordOutcome } from './circuit.ts';
import type { Work } from './initial_attempt.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { recordAttempt, scheduleNext, settle, write } from './record.ts';
import { prepare } from './send.ts';

/** SQS keeps a message back for whole seconds, and two clocks are never the same. */
const earlyMs = 1_000;

export async function retryAttempt(ports: DeliverPorts, message: MessageOf<'attempt'>, work: Work): Promise<void> {
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    // Whoever was faster may only have stood in line behind it: what is to be done now is told by the row as it is.
    if (await attemptOnce(ports, message, work)) return;
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}

/** False: the row was changed meanwhile. */
async function attemptOnce(ports: DeliverPorts, message: MessageOf<'attempt'>, { requestId }: Work): Promise<boolean> {
  const { platform } = ports;
  const found = await loadDelivery(platform, message, message.delivery);
  if (found === undefined) throw new Defect('a message names a delivery that never was');
  const { value } = found;
  // Told of again after it was over: its successor may not have heard.
  if (isOver(value)) return done(scheduleNext(ports, value));
  if (value.status === 'parked') return true;
  if (value.status === 'blocked' && !(await free(ports, value))) return true;
  const nowMs = platform.clock();
  if (value.due_at !== null && Date.parse(value.due_at) > nowMs + earlyMs) return true;

  const receiver = await ports.receivers.get(message, value.webhook_endpoint);
  const endpoint = receiver.endpoint?.value;
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const turn = (decide: (now: Delivery) => Delivery): Promise<Delivery> =>
    settle(ports, found, value, (now) => (isOver(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') return done(scheduleNext(ports, await turn(cancel)));
  if (endpoint.status === 'disabled') return done(turn(park));
  const { event } = await loadForDelivery(platform, message, value.event, []);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  // Whatever made the row (a successor, a parking) may not have looked at what comes before it.
  if (value.attempts.length === 0 && value.status !== 'blocked') {
    const lane = await orderingScopeOf(platform, endpoint, value.replay);
    const row = { before: found, value };
    const known = { over: new Set<string>(), read: new Map() };
    if ((await enforceOrdering(ports, lane, row, event.previous, known, requestId)) !== null) return true;
  }
  if (await isOpen(ports, endpoint, endpoint.id, receiver.health)) return done(turn(park));
  const attempt = await prepare(ports, endpoint, event);
  const claimed = claim(value, platform.clock());
  if (claimed === null) return true;
  const held = await write(ports, found, claimed, requestId);
  if (held === undefined) return false;
  // A lease that would end during the attempt keeps nobody away: the delivery is due again when it has.
  if ((held.value.lease_until_ms ?? 0) - platform.clock() < limits.attemptMs) return true;
  const watched = await attemptWithTimeoutSignal(ports, endpoint, receiver.health, attempt);
  await recordAttempt(ports, held, held.value, watched.result, requestId);
  await recordOutcome(ports, endpoint, watched, requestId);
  return true;
}

const done = (work: Promise<unknown>): Promise<true> => work.then(() => true);

/** Whether the delivery that a blocked one waits for is over. */
async function free({ platform }: DeliverPorts, value: Delivery): Promise<boolean> {
  const before = value.blocked_by === null ? undefined : await loadDelivery(platform, value, value.blocked_by);
  return before === undefined || isOver(before.value);
}
