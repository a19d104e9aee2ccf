// What follows from facts on the way out: a message for each endpoint that is subscribed to an event, and whatever a change of
// an endpoint or a delivery sets in motion. All of it is derived from what was committed; nothing else starts a delivery.

import * as v from 'valibot';
import type { StoredEvent } from '../events/store.ts';
import { ownerOf } from '../kernel/domain/tenant_scope.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';
import { isSubscribedTo, type WebhookEndpoint } from '../webhooks/domain/webhook_endpoint.ts';
import { deliverMessages, post, type Task, type TaskOf } from '../webhooks/message.ts';
import { endpointsOf } from '../webhooks/store/endpoints.ts';

export interface Relayed {
  readonly recorded: RelayedFact;
  readonly event: StoredEvent;
}

const scopeOf = ({ tenant_id: tenant, mode }: StoredEvent) => ({ tenant, mode });

/** In the order of the stream, so that each aggregate's events come in theirs. */
export async function fanOut(
  platform: StorePlatform & Pick<Platform, 'sqs' | 'sleep'>,
  relayed: readonly Relayed[],
): Promise<void> {
  const owners = Map.groupBy(relayed, ({ event }) => ownerOf(scopeOf(event)));
  const messages = await Promise.all(
    [...owners.values()].map(async (each) => {
      const [first] = each;
      if (first === undefined) return [];
      const endpoints = await endpointsOf(platform, scopeOf(first.event));
      return [
        ...endpoints.flatMap(({ value }) => deliveriesTo(value, each)),
        ...each.flatMap(({ recorded }) => consequencesOf(recorded)),
      ];
    }),
  );
  await post(
    platform,
    messages.flat().map((message) => ({ message })),
  );
}

function deliveriesTo(endpoint: WebhookEndpoint, relayed: readonly Relayed[]): TaskOf<'deliver'>[] {
  const events = relayed.map(({ event }) => event).filter((event) => isSubscribedTo(endpoint, event));
  return deliverMessages(endpoint, null, events);
}

const ChangedEndpoint = v.object({ id: v.string(), status: v.string() });
const ReplayRequest = v.object({ id: v.string() });
const ChangedDelivery = v.object({ id: v.string(), successor: v.nullable(v.string()) });

function consequencesOf({ fact: { type, tenant, mode }, object }: RelayedFact): Task[] {
  const owner = { tenant, mode };
  switch (type) {
    case 'webhook_endpoint.updated':
    case 'webhook_endpoint.deleted': {
      const { id: endpoint, status } = v.parse(ChangedEndpoint, object);
      if (status === 'disabled') return [];
      return [{ kind: 'resume_parked', ...owner, endpoint, reason: 'endpoint_changed' }];
    }
    case 'webhook_endpoint.replayed': {
      return [{ kind: 'replay', ...owner, replay: v.parse(ReplayRequest, object).id }];
    }
    case 'delivery.retried': {
      return [{ kind: 'attempt', ...owner, delivery: v.parse(ChangedDelivery, object).id }];
    }
    case 'delivery.skipped':
    case 'delivery.failed': {
      const { successor } = v.parse(ChangedDelivery, object);
      return successor === null ? [] : [{ kind: 'attempt', ...owner, delivery: successor }];
    }
    default:
      return [];
  }
}
