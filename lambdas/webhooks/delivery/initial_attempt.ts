// Events on their first way to an endpoint. One that is answered with a success costs one write; whatever else comes of it
// is a row that waits: for its time, for the delivery before it, for its endpoint.

import { Defect } from '../../kernel/domain/refusal.ts';
import { cancel, type Delivery, isOver, newDelivery, park } from '../domain/delivery.ts';
import { type Linked, type MessageOf, post } from '../message.ts';
import { deliveryId, loadForDelivery } from '../store.ts';
import { attemptWithTimeoutSignal, isOpen, recordOutcome } from './circuit.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { recordAttempt, scheduleNext, settle } from './record.ts';
import { prepare } from './send.ts';

export interface Work {
  readonly requestId: string;
  /** Whether somebody may have been at this message before. */
  readonly again: boolean;
  /** Nothing is begun after this (ms since the epoch). */
  readonly stopMs: number;
}

export async function initialAttempt(ports: DeliverPorts, message: MessageOf<'deliver'>, work: Work): Promise<void> {
  const over = new Set<string>();
  for (const [index, linked] of message.events.entries()) {
    if (ports.platform.clock() >= work.stopMs) {
      const rest = { ...message, events: message.events.slice(index) };
      return post(ports.platform, [{ message: rest }]);
    }
    if (isOver(await deliverOne(ports, message, linked, over, work))) over.add(linked.id);
  }
}

/** The delivery as it stands afterwards. */
async function deliverOne(
  ports: DeliverPorts,
  message: MessageOf<'deliver'>,
  { id: eventId, previous }: Linked,
  over: ReadonlySet<string>,
  { again, requestId }: Work,
): Promise<Delivery> {
  const { platform } = ports;
  const receiver = await ports.receivers.get(message, message.endpoint);
  const endpoint = receiver.endpoint?.value;
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const to = { ...message, id: deliveryId(platform, eventId, message) };
  const looksBack = endpoint.ordering === 'strict' && previous !== null && !over.has(previous);
  const asked = [...(again ? [to.id] : []), ...(looksBack ? [deliveryId(platform, previous, message)] : [])];
  const { event, deliveries: read } = await loadForDelivery(platform, message, eventId, asked);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  const own = read.get(to.id) ?? null;
  const fresh = newDelivery(to, event, platform.clock());

  if (own !== null && begun(own.value)) {
    await scheduleNext(ports, own.value);
    return own.value;
  }
  const turn = (decide: (now: Delivery) => Delivery) =>
    settle(ports, own, fresh, (now) => (begun(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') {
    const canceled = await turn(cancel);
    await scheduleNext(ports, canceled);
    return canceled;
  }
  if (endpoint.status === 'disabled') return turn(park);
  if (looksBack) {
    const lane = await orderingScopeOf(platform, endpoint, message.replay);
    const row = { before: own, value: own?.value ?? fresh };
    const waiting = await enforceOrdering(ports, lane, row, previous, { over, read }, requestId);
    if (waiting !== null) return waiting;
  }
  if (await isOpen(ports, endpoint, endpoint.id, receiver.health)) return turn(park);
  // From the change to the first attempt to tell of it (promise WHK-4); a replay was asked for later.
  if (message.replay === null && own === null) {
    const durationMs = Math.max(0, platform.clock() - Date.parse(event.occurred_at));
    platform.meter('deliveries/first', 'delivery', { durationMs, fault: false });
  }
  const attempt = await prepare(ports, endpoint, event);
  const watched = await attemptWithTimeoutSignal(ports, endpoint, receiver.health, attempt);
  const delivery = await recordAttempt(ports, own, own?.value ?? fresh, watched.result, requestId);
  await recordOutcome(ports, endpoint, watched, requestId);
  return delivery;
}

/** Whether more was done about a row than to make it: a placeholder is still to be delivered. */
const begun = (delivery: Delivery): boolean =>
  delivery.status !== 'pending' || delivery.attempts.length > 0 || delivery.lease_until_ms !== null;
