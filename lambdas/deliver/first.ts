// Events on their first way to an endpoint. One that is answered with a success costs one write; whatever else comes of it
// is a row that waits: for its time, for the delivery before it, for its endpoint.

import { webhookLimits as limits } from '../../contract/limits.ts';
import { block, cancel, type Delivery, isOver, newDelivery, park } from '../domain/delivery.ts';
import { Defect, Refusal } from '../domain/refusal.ts';
import type { Stored } from '../store/row.ts';
import { deliveryId, loadDelivery, loadForDelivery, loadOwned, replayRow } from '../store/webhooks.ts';
import { isOpen, learn, watch } from './circuit.ts';
import { type Linked, type MessageOf, post } from './message.ts';
import { type Lane, type Predecessor, predecessorOf } from './order.ts';
import type { DeliverPorts } from './ports.ts';
import { follow, keep, settle, writeBoth } from './record.ts';
import { send } from './send.ts';

export interface Work {
  readonly requestId: string;
  /** Whether somebody may have been at this message before. */
  readonly again: boolean;
  /** Nothing is begun after this (ms since the epoch). */
  readonly stopMs: number;
}

export async function deliverFirst(ports: DeliverPorts, message: MessageOf<'deliver'>, work: Work): Promise<void> {
  const over = new Set<string>();
  for (const [index, linked] of message.events.entries()) {
    if (ports.platform.clock() >= work.stopMs) {
      const rest = { ...message, events: message.events.slice(index) };
      return post(ports.platform, [{ message: rest }]);
    }
    const delivery = await deliverOne(ports, message, linked, over, work);
    if (delivery === null || isOver(delivery)) over.add(linked.id);
  }
}

/** The delivery as it stands afterwards; null: there is none to be made. */
async function deliverOne(
  ports: DeliverPorts,
  message: MessageOf<'deliver'>,
  linked: Linked,
  over: ReadonlySet<string>,
  work: Work,
): Promise<Delivery | null> {
  const { platform } = ports;
  const receiver = await ports.receivers.get(message, message.endpoint);
  const endpoint = receiver.endpoint?.value;
  if (endpoint === undefined) throw new Defect('a delivery names an endpoint that never was');
  const lane = await laneOf(ports, message, endpoint);
  const to = { ...message, id: deliveryId(platform, linked.id, message) };
  const strict = endpoint.ordering === 'strict' && linked.previous !== null && !over.has(linked.previous);
  const asked = [
    ...(work.again ? [to.id] : []),
    ...(strict ? [deliveryId(platform, linked.previous ?? '', message)] : []),
  ];
  const read = await loadForDelivery(platform, message, linked.id, asked);
  if (read.event === undefined) throw new Defect('a delivery’s event is not there');
  const event = read.event;
  const own = read.deliveries.get(to.id) ?? null;
  const fresh = newDelivery(to, event, platform.clock());
  const { requestId } = work;
  const turn = (decide: (now: Delivery) => Delivery) =>
    settle(ports, own, fresh, (now) => (begun(now) ? null : { fact: null, next: decide(now) }), requestId);

  if (own !== null && begun(own.value)) {
    await follow(ports, own.value);
    return own.value;
  }
  if (endpoint.status === 'deleted') {
    const canceled = await turn(cancel);
    await follow(ports, canceled);
    return canceled;
  }
  if (endpoint.status === 'disabled') return turn(park);
  if (strict) {
    const before = await predecessorOf(platform, lane, linked.previous, over, read.deliveries);
    const blocked = before && (await blockBehind(ports, own, fresh, before, requestId));
    if (blocked) return blocked;
  }
  if (await isOpen(ports, endpoint, endpoint.id, receiver.health)) return turn(park);
  // From the change to the first attempt to tell of it (promise WHK-4); a replay was asked for later.
  if (message.replay === null && own === null) {
    const durationMs = Math.max(0, platform.clock() - Date.parse(event.occurred_at));
    platform.meter('deliveries/first', 'delivery', { durationMs, fault: false });
  }
  const watched = await watch(ports, endpoint, receiver.health, () => send(ports, endpoint, event));
  const delivery = await keep(ports, own, own?.value ?? fresh, watched.result, requestId);
  await learn(ports, endpoint, watched, requestId);
  return delivery;
}

/** Whether more was done about a row than to make it: a placeholder is still to be delivered. */
const begun = (delivery: Delivery): boolean =>
  delivery.status !== 'pending' || delivery.attempts.length > 0 || delivery.lease_until_ms !== null;

async function laneOf(ports: DeliverPorts, { tenant, mode, replay }: MessageOf<'deliver'>, endpoint: Lane['endpoint']) {
  const owner = { tenant, mode };
  if (replay === null) return { ...owner, endpoint, replay, since: endpoint.created_at };
  const found = await loadOwned(ports.platform, replayRow, owner, replay);
  if (found === undefined) throw new Defect('a delivery names a replay that never was');
  return { ...owner, endpoint, replay, since: found.value.from };
}

/** The blocked delivery; null where the one before it is over by now, so that nothing holds ours any more. */
async function blockBehind(
  ports: DeliverPorts,
  own: Stored<Delivery> | null,
  fresh: Delivery,
  predecessor: Predecessor,
  requestId: string,
): Promise<Delivery | null> {
  const { platform } = ports;
  let [mine, theirs] = [own, predecessor.before];
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const before = theirs?.value ?? predecessor.value;
    if (isOver(before)) return null;
    const blocked = block(mine?.value ?? fresh, before);
    const written = await writeBoth(
      ports,
      { before: theirs, next: blocked.before },
      { before: mine, next: blocked.delivery },
      requestId,
    );
    if (written) return blocked.delivery;
    [mine = null, theirs = null] = await Promise.all([
      loadDelivery(platform, fresh, fresh.id),
      loadDelivery(platform, fresh, before.id),
    ]);
    if (mine !== null && begun(mine.value)) return mine.value;
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
