// Whose turn it is: a delivery is sent only when the one before it to the same endpoint, about the same aggregate, is over.
// What an endpoint does not want is nobody's predecessor.

import { webhookLimits as limits } from '../../contract/limits.ts';
import { type Delivery, isOver, newDelivery } from '../domain/delivery.ts';
import { type WebhookEndpoint, wants } from '../domain/webhook_endpoint.ts';
import type { Platform } from '../platform/platform.ts';
import type { Stored } from '../store/row.ts';
import { deliveryId, loadForDelivery, type Owner } from '../store/webhooks.ts';

/** A way to an endpoint: its own, or that of a replay. */
export interface Lane extends Owner {
  readonly endpoint: WebhookEndpoint;
  readonly replay: string | null;
  /** What occurred earlier is not delivered on this way. */
  readonly since: string;
}

/** A row that must be over first, as read or still to be made. */
export interface Predecessor {
  readonly before: Stored<Delivery> | null;
  readonly value: Delivery;
}

/**
 * The delivery that comes first, or null. `previous` is the event before ours; `over` are events whose deliveries are known
 * to be over, `read` deliveries that were read already.
 */
export async function predecessorOf(
  platform: Platform,
  lane: Lane,
  previous: string | null,
  over: ReadonlySet<string>,
  read: ReadonlyMap<string, Stored<Delivery>>,
): Promise<Predecessor | null> {
  let at = previous;
  for (let looked = 0; at !== null && looked < limits.predecessorsLookedAt; looked += 1) {
    if (over.has(at)) return null;
    const id = deliveryId(platform, at, { endpoint: lane.endpoint.id, replay: lane.replay });
    const known = read.get(id);
    const found = known === undefined ? await loadForDelivery(platform, lane, at, [id]) : null;
    const row = known ?? found?.deliveries.get(id);
    if (row !== undefined) return isOver(row.value) ? null : { before: row, value: row.value };
    const event = found?.event;
    if (event === undefined || event.occurred_at < lane.since) return null;
    if (wants(lane.endpoint, event)) {
      // It is on its way; should it get lost there, the dispatcher finds the row that we leave for it.
      const nowMs = platform.clock();
      const { tenant, mode } = lane.endpoint;
      const to = { id, tenant, mode, endpoint: lane.endpoint.id, replay: lane.replay };
      const value = newDelivery(to, event, nowMs);
      return { before: null, value: { ...value, due_at: new Date(nowMs + limits.placeholderMs).toISOString() } };
    }
    at = event.previous;
  }
  return null;
}
