// A replay: events of a window are delivered to an endpoint once more, oldest first, a step at a time. Each gets a delivery of
// its own under the replay, in the order of its aggregate.

import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { eventsBetween } from '../../events/store.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { ownerOf } from '../../kernel/domain/tenant_scope.ts';
import { isSubscribedTo } from '../domain/webhook_endpoint.ts';
import { deliverMessages, type MessageOf, type Posted, post } from '../message.ts';
import { loadReplay } from '../store/endpoints.ts';
import type { DeliverPorts } from './ports.ts';

export async function replay({ platform, receivers }: DeliverPorts, message: MessageOf<'replay'>): Promise<void> {
  const [found, { endpoint }] = await Promise.all([
    loadReplay(platform, message, message.replay),
    receivers.get(message, message.endpoint),
  ]);
  if (found === undefined || endpoint === undefined) throw new Defect('a replay or its endpoint never was');
  if (endpoint.status === 'deleted') return;
  const { from, to } = found.value;
  const window = { from, to, after: message.position };
  const events = await eventsBetween(platform, ownerOf(message), window, limits.eventsPerStep);
  // A replay may hold what happened before the endpoint was made: that is what it is for.
  const subscriber = { ...endpoint, created_at: from };
  const subscribed = events.filter((event) => isSubscribedTo(subscriber, event));
  const last = events.length === limits.eventsPerStep ? events.at(-1) : undefined;
  const next: Posted[] = last === undefined ? [] : [{ message: { ...message, position: last.id } }];
  const deliveries = deliverMessages(endpoint, message.replay, subscribed);
  await post(platform, [...deliveries.map((message) => ({ message })), ...next]);
}
