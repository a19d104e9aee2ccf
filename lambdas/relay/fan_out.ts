// What follows from facts on the way out: a message for each endpoint that is subscribed to an event, and whatever a change of
// an endpoint or a delivery sets in motion. All of it is derived from what was committed; nothing else starts a delivery. What
// fails for one owner is put off for that owner, and holds up no shard.

import * as v from 'valibot';
import { relayLimits } from '../../contract/relay/limits.ts';
import type { StoredEvent } from '../events/store.ts';
import { defectOf } from '../kernel/domain/refusal.ts';
import { ownerOf, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';
import { fanOutTasks } from '../webhooks/fan_out.ts';
import { type Posted, post, type Task } from '../webhooks/message.ts';
import { loadSubscriptions } from '../webhooks/store/endpoints.ts';

export interface Relayed {
  readonly event: StoredEvent;
  /** What its fact sets in motion, beside deliveries. */
  readonly consequences: readonly Task[];
}

type FanOutPlatform = StorePlatform & Pick<Platform, 'log' | 'sqs' | 'sleep'>;

const scopeOf = ({ tenant_id: tenant, mode }: StoredEvent) => ({ tenant, mode });

/** In the order of the stream, so that each aggregate's events come in theirs. */
export async function fanOut(platform: FanOutPlatform, relayed: readonly Relayed[]): Promise<void> {
  const owners = Map.groupBy(relayed, ({ event }) => ownerOf(scopeOf(event)));
  const messages = await Promise.all(
    [...owners.values()].map(async (each) => {
      const [first] = each;
      if (first === undefined) return [];
      const owner = scopeOf(first.event);
      const events = each.map(({ event }) => event);
      return [
        ...(await deliveriesOrLater(platform, owner, events)),
        ...each.flatMap(({ consequences }) => consequences).map((message) => ({ message })),
      ];
    }),
  );
  await post(platform, messages.flat());
}

/**
 * What another region delivers as long as it takes writes: looked at again once it would have begun, and dropped then unless this
 * region has taken over. Owners without endpoints cost nothing.
 */
export async function fanOutAfterTakeover(platform: FanOutPlatform, relayed: readonly Relayed[]): Promise<void> {
  const afterMs = relayLimits.takeOverMs;
  const owners = [...Map.groupBy(relayed, ({ event }) => ownerOf(scopeOf(event))).values()];
  const messages = await Promise.all(
    owners.map(async (each): Promise<Posted[]> => {
      const owner = each[0] && scopeOf(each[0].event);
      if (owner === undefined || (await loadSubscriptions(platform, owner)) === undefined) return [];
      const fan_out = {
        kind: 'fan_out',
        ...owner,
        events: each.map(({ event }) => event.id),
        maybe_begun: true,
      } as const;
      return [fan_out, ...each.flatMap(({ consequences }) => consequences)].map((message) => ({ message, afterMs }));
    }),
  );
  await post(platform, messages.flat());
}

/** Where the owner's endpoints can't be read, the queue is asked to try again: the other owners' events go on. */
async function deliveriesOrLater(
  platform: FanOutPlatform,
  owner: TenantScope,
  events: readonly StoredEvent[],
): Promise<Posted[]> {
  try {
    return (await fanOutTasks(platform, owner, events)).map((message) => ({ message }));
  } catch (error) {
    platform.log('fan_out_deferred', { ...owner, count: events.length, defect: defectOf(error) });
    const message = { kind: 'fan_out', ...owner, events: events.map(({ id }) => id) } as const;
    return [{ message, afterMs: relayLimits.deferredFanOutMs }];
  }
}

const ChangedEndpoint = v.object({ id: v.string(), status: v.string() });
const ReplayRequest = v.object({ id: v.string() });
const ChangedDelivery = v.object({ id: v.string(), successor: v.nullable(v.string()) });

/** Throws where the object does not say what its fact sets in motion: that record alone is then unreadable. */
export function consequencesOf({ fact: { type, tenant, mode }, object }: RelayedFact): Task[] {
  const owner = { tenant, mode };
  switch (type) {
    case 'webhook_endpoint.created':
    case 'webhook_endpoint.verification_requested':
    case 'webhook_endpoint.verified':
    case 'webhook_endpoint.updated':
    case 'webhook_endpoint.deleted': {
      const { id: endpoint, status } = v.parse(ChangedEndpoint, object);
      if (status === 'disabled') return [];
      if (status === 'pending_verification') return [{ kind: 'challenge', ...owner, endpoint }];
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
