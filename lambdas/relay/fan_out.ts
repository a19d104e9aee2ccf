// What follows from facts on the way out: for each endpoint that wants an event a place in the queue, and whatever a
// change of an endpoint or a delivery sets in motion. Derived from what was committed; nothing else starts a delivery.

import * as v from 'valibot';
import type { StoredEvent } from '../events/store.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';
import { isSubscribedTo, type WebhookEndpoint } from '../webhooks/domain/webhook_endpoint.ts';
import { type Message, type MessageOf, post } from '../webhooks/message.ts';
import { endpointsOf } from '../webhooks/store.ts';

export interface Relayed {
  readonly told: RelayedFact;
  readonly event: StoredEvent;
}

/** In the order of the stream, so that each aggregate's events come in theirs. */
export async function fanOut(
  platform: StorePlatform & Pick<Platform, 'sqs' | 'sleep'>,
  relayed: readonly Relayed[],
): Promise<void> {
  const owners = Map.groupBy(relayed, ({ event }) => `${event.tenant_id}#${event.mode}`);
  const messages = await Promise.all(
    [...owners.values()].map(async (each) => {
      const [first] = each;
      if (first === undefined) return [];
      const owner = { tenant: first.event.tenant_id, mode: first.event.mode };
      const endpoints = await endpointsOf(platform, owner);
      return [
        ...endpoints.flatMap(({ value }) => deliveriesTo(value, each)),
        ...each.flatMap(({ told }) => consequencesOf(told)),
      ];
    }),
  );
  await post(
    platform,
    messages.flat().map((message) => ({ message })),
  );
}

function deliveriesTo(endpoint: WebhookEndpoint, relayed: readonly Relayed[]): MessageOf<'deliver'>[] {
  const wanted = relayed.filter(({ event }) => isSubscribedTo(endpoint, event)).map(({ event }) => event);
  return [...Map.groupBy(wanted, ({ aggregate_id }) => aggregate_id).values()].map((events) => ({
    do: 'deliver',
    tenant: endpoint.tenant,
    mode: endpoint.mode,
    endpoint: endpoint.id,
    replay: null,
    events: events.map(({ id, previous }) => ({ id, previous })),
  }));
}

const Waited = v.object({ id: v.string(), successor: v.nullable(v.string()) });
const Endpoint = v.object({ id: v.string(), status: v.string() });
const Replayed = v.object({ id: v.string(), webhook_endpoint: v.string() });

function consequencesOf({ fact: { type, tenant, mode }, object }: RelayedFact): Message[] {
  const owner = { tenant, mode };
  switch (type) {
    case 'webhook_endpoint.updated':
    case 'webhook_endpoint.deleted': {
      const { id: endpoint, status } = v.parse(Endpoint, object);
      return status === 'disabled' ? [] : [{ do: 'take_up', ...owner, endpoint, because: 'enabled' }];
    }
    case 'webhook_endpoint.replayed': {
      const { id: replay, webhook_endpoint: endpoint } = v.parse(Replayed, object);
      return [{ do: 'replay', ...owner, endpoint, replay, position: null }];
    }
    case 'delivery.retried': {
      return [{ do: 'attempt', ...owner, delivery: v.parse(Waited, object).id }];
    }
    case 'delivery.skipped':
    case 'delivery.failed': {
      const { successor } = v.parse(Waited, object);
      return successor === null ? [] : [{ do: 'attempt', ...owner, delivery: successor }];
    }
    default:
      return [];
  }
}
