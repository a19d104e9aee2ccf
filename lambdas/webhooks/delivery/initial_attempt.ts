// Initial attempts: events on their way to an endpoint for the first time. One that is answered with a success costs one write;
// whatever else comes of it is a row that waits: for its time, for the delivery before it, for its endpoint.

import { Defect } from '../../kernel/domain/refusal.ts';
import { cancel, type Delivery, isOver, newDelivery, park } from '../domain/delivery.ts';
import { type LinkedEvent, type MessageOf, postFollowing } from '../message.ts';
import { deliveryId, loadForDelivery } from '../store/deliveries.ts';
import { attemptAndRecord, isCircuitOpen } from './circuit.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { type DeliveryState, scheduleNext, settle } from './record.ts';
import { goOnFrom } from './retry.ts';
import { prepare } from './send.ts';
import type { Work } from './work.ts';

export async function initialAttempt(ports: DeliverPorts, message: MessageOf<'deliver'>, work: Work): Promise<void> {
  const over = new Set<string>();
  for (const [index, linked] of message.events.entries()) {
    if (ports.platform.clock() >= work.stopMs) return postpone(ports, message, message.events.slice(index), work);
    const delivery = await deliverOne(ports, message, linked, over, work);
    if (isOver(delivery)) over.add(linked.id);
    // What waits for the last one is attempted here too; for the others the loop is about to see to that.
    await (index === message.events.length - 1 ? goOnFrom : scheduleNext)(ports, delivery, work);
  }
}

/** What there is no time for: a message that follows, or, at the end of a chain, rows that the dispatcher finds due. */
async function postpone(
  ports: DeliverPorts,
  message: MessageOf<'deliver'>,
  events: readonly LinkedEvent[],
  work: Work,
): Promise<void> {
  const { platform } = ports;
  if (await postFollowing(platform, work, [{ message: { ...message, events: [...events] } }])) return;
  for (const { id: eventId } of events) {
    const to = { ...message, id: deliveryId(platform, eventId, message) };
    const { event, deliveries } = await loadForDelivery(platform, message, eventId, [to.id]);
    if (event === undefined) throw new Defect('a delivery’s event is not there');
    if (deliveries.has(to.id)) continue;
    const value = newDelivery(to, event, platform.clock());
    await settle(ports, { before: null, value }, (next) => ({ fact: null, next }), work.requestId);
  }
}

/** The delivery as it is afterwards. */
async function deliverOne(
  ports: DeliverPorts,
  message: MessageOf<'deliver'>,
  { id: eventId, previous }: LinkedEvent,
  over: ReadonlySet<string>,
  work: Work,
): Promise<Delivery> {
  const { platform } = ports;
  const { redelivered, requestId } = work;
  const { endpoint, health } = await ports.receivers.get(message, message.endpoint);
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const to = { ...message, id: deliveryId(platform, eventId, message) };
  const mayWait = endpoint.ordering === 'strict' && previous !== null && !over.has(previous);
  const mayBeThere = redelivered || message.maybe_begun;
  const wanted = [...(mayBeThere ? [to.id] : []), ...(mayWait ? [deliveryId(platform, previous, message)] : [])];
  const { event, deliveries: read } = await loadForDelivery(platform, message, eventId, wanted);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  const before = read.get(to.id) ?? null;
  const state: DeliveryState = { before, value: before?.value ?? newDelivery(to, event, platform.clock()) };

  if (isBegun(state.value)) return state.value;
  const change = (decide: (now: Delivery) => Delivery) =>
    settle(ports, state, (now) => (isBegun(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') return change(cancel);
  if (endpoint.status !== 'enabled') return change(park);
  if (mayWait) {
    const scope = await orderingScopeOf(platform, endpoint, message.replay);
    const waiting = await enforceOrdering(ports, scope, state, previous, { over, read }, requestId);
    if (waiting !== null) return waiting;
  }
  if (await isCircuitOpen(ports, endpoint, health)) return change(park);
  // From the change to the initial attempt to report it (promise WHK-4); a replay was asked for later.
  if (message.replay === null && before === null) {
    const durationMs = Math.max(0, platform.clock() - Date.parse(event.occurred_at));
    platform.meter('deliveries/initial_attempt', 'delivery', { durationMs, fault: false });
  }
  const attempt = await prepare(ports, endpoint, event);
  return attemptAndRecord(ports, { endpoint, health }, state, attempt, work);
}

/** Whether more was done about a row than to make it: a placeholder is still to be delivered. */
const isBegun = (delivery: Delivery): boolean =>
  delivery.status !== 'pending' || delivery.attempts.length > 0 || delivery.lease_until_ms !== null;
