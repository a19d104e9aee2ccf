// Initial attempts: events on their way to an endpoint for the first time. One that is answered with a success costs one write;
// whatever else comes of it is a row that waits: for its time, for the delivery before it, for its endpoint.

import { Defect } from '../../kernel/domain/refusal.ts';
import { cancel, type Delivery, isOver, newDelivery, park } from '../domain/delivery.ts';
import { type LinkedEvent, type MessageOf, post } from '../message.ts';
import { deliveryId, loadForDelivery } from '../store/deliveries.ts';
import { attemptAndRecord, isCircuitOpen } from './circuit.ts';
import { enforceOrdering, orderingScopeOf } from './ordering.ts';
import type { DeliverPorts } from './ports.ts';
import { type DeliveryState, scheduleNext, settle } from './record.ts';
import { prepare } from './send.ts';

export interface Work {
  readonly requestId: string;
  /** Whether somebody may have worked on this message before. */
  readonly redelivered: boolean;
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

/** The delivery as it is afterwards. */
async function deliverOne(
  ports: DeliverPorts,
  message: MessageOf<'deliver'>,
  { id: eventId, previous }: LinkedEvent,
  over: ReadonlySet<string>,
  { redelivered, requestId }: Work,
): Promise<Delivery> {
  const { platform } = ports;
  const { endpoint, health } = await ports.receivers.get(message, message.endpoint);
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const to = { ...message, id: deliveryId(platform, eventId, message) };
  const mayWait = endpoint.ordering === 'strict' && previous !== null && !over.has(previous);
  const wanted = [...(redelivered ? [to.id] : []), ...(mayWait ? [deliveryId(platform, previous, message)] : [])];
  const { event, deliveries: read } = await loadForDelivery(platform, message, eventId, wanted);
  if (event === undefined) throw new Defect('a delivery’s event is not there');
  const before = read.get(to.id) ?? null;
  const state: DeliveryState = { before, value: before?.value ?? newDelivery(to, event, platform.clock()) };

  if (isBegun(state.value)) {
    await scheduleNext(ports, state.value);
    return state.value;
  }
  const change = (decide: (now: Delivery) => Delivery) =>
    settle(ports, state, (now) => (isBegun(now) ? null : { fact: null, next: decide(now) }), requestId);
  if (endpoint.status === 'deleted') {
    const canceled = await change(cancel);
    await scheduleNext(ports, canceled);
    return canceled;
  }
  if (endpoint.status === 'disabled') return change(park);
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
  return attemptAndRecord(ports, { endpoint, health }, state, attempt, requestId);
}

/** Whether more was done about a row than to make it: a placeholder is still to be delivered. */
const isBegun = (delivery: Delivery): boolean =>
  delivery.status !== 'pending' || delivery.attempts.length > 0 || delivery.lease_until_ms !== null;
