// Whose turn it is: a delivery is first attempted only when the one before it to the same endpoint, about the same
// aggregate, is over. What an endpoint does not want is nobody's predecessor.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect, Refusal } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { block, type Delivery, isOver, newDelivery, postpone } from '../domain/delivery.ts';
import { isSubscribedTo, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { deliveryId, loadDelivery, loadForDelivery, loadOwned, replayRow } from '../store.ts';
import type { DeliverPorts } from './ports.ts';
import { writeBoth } from './record.ts';

/** A way to an endpoint: its own, or that of a replay. */
export interface OrderingScope {
  readonly endpoint: WebhookEndpoint;
  readonly replay: string | null;
  /** What occurred earlier is not delivered on this way. */
  readonly since: string;
}

export async function orderingScopeOf(
  platform: Platform,
  endpoint: WebhookEndpoint,
  replay: string | null,
): Promise<OrderingScope> {
  if (replay === null) return { endpoint, replay, since: endpoint.created_at };
  const found = await loadOwned(platform, replayRow, endpoint, replay);
  if (found === undefined) throw new Defect('a delivery names a replay that never was');
  return { endpoint, replay, since: found.value.from };
}

/** A row, as read or still to be made. */
interface Row {
  readonly before: Stored<Delivery> | null;
  readonly value: Delivery;
}

/** What is known already: events whose deliveries are over, and deliveries that were read. */
export interface Known {
  readonly over: ReadonlySet<string>;
  readonly read: ReadonlyMap<string, Stored<Delivery>>;
}

/** The delivery that comes first, or null. `previous` is the event before ours. Reads may be stale: what is over stays so. */
async function predecessorOf(
  platform: Platform,
  lane: OrderingScope,
  previous: string | null,
  known: Known,
): Promise<Row | null> {
  const { endpoint, replay } = lane;
  let at = previous;
  for (let looked = 0; at !== null && looked < limits.predecessorsLookedAt; looked += 1) {
    if (known.over.has(at)) return null;
    const id = deliveryId(platform, at, { endpoint: endpoint.id, replay });
    const read = known.read.get(id);
    const found = read === undefined ? await loadForDelivery(platform, endpoint, at, [id]) : null;
    const row = read ?? found?.deliveries.get(id);
    if (row !== undefined) return isOver(row.value) ? null : { before: row, value: row.value };
    const event = found?.event;
    if (event === undefined || event.occurred_at < lane.since) return null;
    if (isSubscribedTo(endpoint, event)) {
      // It is on its way; should it get lost there, the dispatcher finds the row that we leave for it.
      const nowMs = platform.clock();
      const { tenant, mode } = endpoint;
      const made = newDelivery({ id, tenant, mode, endpoint: endpoint.id, replay }, event, nowMs);
      return { before: null, value: postpone(made, nowMs + limits.placeholderMs) };
    }
    at = event.previous;
  }
  return null;
}

/**
 * Puts a delivery that was never attempted behind the one before it. Null: it is its turn. Otherwise the delivery as it
 * stands: blocked, or whatever another made of it meanwhile.
 */
export async function enforceOrdering(
  ports: DeliverPorts,
  lane: OrderingScope,
  delivery: Row,
  previous: string | null,
  known: Known,
  requestId: string,
): Promise<Delivery | null> {
  const { platform } = ports;
  if (lane.endpoint.ordering !== 'strict') return null;
  const predecessor = await predecessorOf(platform, lane, previous, known);
  if (predecessor === null) return null;
  let [mine, theirs] = [delivery.before, predecessor.before];
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const before = theirs?.value ?? predecessor.value;
    if (isOver(before)) return null;
    const blocked = block(mine?.value ?? delivery.value, before);
    const written = await writeBoth(
      ports,
      { before: theirs, next: blocked.before },
      { before: mine, next: blocked.delivery },
      requestId,
    );
    if (written) return blocked.delivery;
    [mine = null, theirs = null] = await Promise.all([
      loadDelivery(platform, delivery.value, delivery.value.id),
      loadDelivery(platform, delivery.value, before.id),
    ]);
    if (mine !== null && mine.version !== delivery.before?.version) return mine.value;
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
}
