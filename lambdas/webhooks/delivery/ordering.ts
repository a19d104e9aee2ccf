// The order of deliveries: one is initially attempted only when the one before it to the same endpoint, about the same
// aggregate, is over. An event that an endpoint is not subscribed to is nobody's predecessor.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { conflict, untilCommitted } from '../../kernel/store/retry.ts';
import type { Stored } from '../../kernel/store/row.ts';
import { block, type Delivery, isOver, newDelivery, postpone } from '../domain/delivery.ts';
import { isSubscribedTo, type WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { deliveryId, loadDelivery, loadForDelivery } from '../store/deliveries.ts';
import { loadReplay } from '../store/endpoints.ts';
import type { DeliverPorts } from './ports.ts';
import { commitBoth, type DeliveryState } from './record.ts';

/** Deliveries that wait for one another: those to an endpoint, or those of a replay to it. */
export interface OrderingScope {
  readonly endpoint: WebhookEndpoint;
  readonly replay: string | null;
  /** What occurred earlier is not delivered in this scope. */
  readonly since: string;
}

export async function orderingScopeOf(
  platform: Platform,
  endpoint: WebhookEndpoint,
  replay: string | null,
): Promise<OrderingScope> {
  if (replay === null) return { endpoint, replay, since: endpoint.created_at };
  const found = await loadReplay(platform, endpoint, replay);
  if (found === undefined) throw new Defect('a delivery names a replay that never was');
  return { endpoint, replay, since: found.value.from };
}

/** What is known already: events whose deliveries are over, and deliveries that were read. */
export interface Known {
  readonly over: ReadonlySet<string>;
  readonly read: ReadonlyMap<string, Stored<Delivery>>;
}

/** The delivery that comes first, or null. `previous` is the event before ours. Reads may be stale: what is over stays so. */
async function predecessorOf(
  platform: Platform,
  { endpoint, replay, since }: OrderingScope,
  previous: string | null,
  known: Known,
): Promise<DeliveryState | null> {
  let at = previous;
  for (let examined = 0; at !== null && examined < limits.predecessorsExamined; examined += 1) {
    if (known.over.has(at)) return null;
    const id = deliveryId(platform, at, { endpoint: endpoint.id, replay });
    const read = known.read.get(id);
    const found = read === undefined ? await loadForDelivery(platform, endpoint, at, [id]) : null;
    const row = read ?? found?.deliveries.get(id);
    if (row !== undefined) return isOver(row.value) ? null : { before: row, value: row.value };
    const event = found?.event;
    if (event === undefined || event.occurred_at < since) return null;
    if (isSubscribedTo(endpoint, event)) {
      // Its message is on its way; should that get lost, the dispatcher finds the row that we leave for it.
      const nowMs = platform.clock();
      const { tenant, mode } = endpoint;
      const made = newDelivery({ id, tenant, mode, endpoint: endpoint.id, replay }, event, nowMs);
      return { before: null, value: postpone(made, nowMs + limits.provisionalDelayMs) };
    }
    at = event.previous;
  }
  return null;
}

/**
 * Blocks a delivery that was never attempted behind the one before it. Null: nothing comes before it. Otherwise the delivery
 * as it is: blocked, or whatever another made of it meanwhile.
 */
export async function enforceOrdering(
  ports: DeliverPorts,
  scope: OrderingScope,
  delivery: DeliveryState,
  previous: string | null,
  known: Known,
  requestId: string,
): Promise<Delivery | null> {
  const { platform } = ports;
  if (scope.endpoint.ordering !== 'strict') return null;
  const predecessor = await predecessorOf(platform, scope, previous, known);
  if (predecessor === null) return null;
  let [mine, theirs] = [delivery.before, predecessor.before];
  return untilCommitted(platform, async () => {
    const before = theirs?.value ?? predecessor.value;
    if (isOver(before)) return null;
    const blocked = block(mine?.value ?? delivery.value, before);
    const written = await commitBoth(
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
    return mine !== null && mine.version !== delivery.before?.version ? mine.value : conflict;
  });
}
