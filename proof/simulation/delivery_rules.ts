// What must hold of webhooks in every world. As with all rules, what the world left behind is read, and the code under test
// is asked nothing.

import { webhookLimits } from '../../contract/webhooks/limits.ts';
import type { Delivery } from '../../lambdas/webhooks/domain/delivery.ts';
import { deadLetters } from '../../test/kit/aws/queues.ts';
import type { Aftermath } from './aftermath.ts';
import {
  deliveriesOf,
  type Event,
  eventsOf,
  hitsByKey,
  isOver,
  isWanted,
  keyOf,
  lanesOf,
  retriedIn,
  statusOfEndpoint,
} from './delivered.ts';
import type { Merchant } from './merchants.ts';
import type { Hit } from './receivers.ts';
import type { Rule } from './rule.ts';
import { slackMs, unsigned } from './signed.ts';

const maxAttempts = webhookLimits.retryOffsetsMs.length + 1;

type Rows = ReadonlyMap<string, Delivery>;

/** Whether a delivery is where it may stay for ever. */
function hasEnded(left: Aftermath, rows: Rows, merchant: Merchant, delivery: Delivery): boolean {
  const { id, status, attempts, blocked_by } = delivery;
  switch (status) {
    case 'succeeded':
      return attempts.at(-1)?.outcome === 'succeeded';
    case 'failed':
      return attempts.length >= maxAttempts;
    case 'skipped':
      return left.webhooks.acted.some(({ act, delivery }) => act.kind === 'skip' && delivery === id);
    case 'parked':
      return ['disabled', 'pending_verification'].includes(statusOfEndpoint(left, merchant) ?? '');
    case 'blocked': {
      const before = rows.get(blocked_by ?? '');
      return before !== undefined && !isOver(before) && hasEnded(left, rows, merchant, before);
    }
    case 'canceled':
      return statusOfEndpoint(left, merchant) === 'deleted';
    default:
      return false;
  }
}

const described = ({ id, status, attempts, due_at, blocked_by }: Delivery): string =>
  `${id} is ${status} after ${attempts.length} attempts, due ${due_at}, behind ${blocked_by}`;

/** Whether two of these were on their way at the same time. */
const overlap = (hits: readonly Hit[]): boolean =>
  hits
    .toSorted((one, other) => one.sentAtMs - other.sentAtMs)
    .some(({ untilMs }, at, all) => (all[at + 1]?.sentAtMs ?? Number.POSITIVE_INFINITY) < untilMs);

export const deliveryRules: Readonly<Record<string, Rule>> = {
  '[WHK-2] every event that an endpoint wants has one delivery to it, which has come to its end': (left) => {
    const events = eventsOf(left);
    const rows = new Map(deliveriesOf(left).map((each) => [each.id, each]));
    const deliveries = Map.groupBy(rows.values(), (each) => keyOf(each.webhook_endpoint, each.event));
    return left.merchants.flatMap((merchant) => {
      const { endpoint } = merchant;
      const isDeleted = statusOfEndpoint(left, merchant) === 'deleted';
      const wanted = events.filter((event) => isWanted(merchant, event));
      const found = wanted.flatMap(({ id, type }) => {
        const [delivery, ...others] = deliveries.get(keyOf(endpoint.id, id)) ?? [];
        deliveries.delete(keyOf(endpoint.id, id));
        if (delivery === undefined) return isDeleted ? [] : [`${type} ${id} has no delivery to ${endpoint.url}`];
        if (others.length > 0) return [`${id} has ${1 + others.length} deliveries`];
        return hasEnded(left, rows, merchant, delivery) ? [] : [`${described(delivery)}, to ${endpoint.url}`];
      });
      const unwanted = [...deliveries.keys()].filter((key) => key.startsWith(endpoint.id));
      return [...found, ...unwanted.map((key) => `${key} is delivered and not wanted`)];
    });
  },

  '[WHK-2] what succeeded was received, and every attempt sent the same bytes': (left) => {
    const hits = hitsByKey(left);
    return deliveriesOf(left).flatMap(({ id, status, webhook_endpoint, event }) => {
      const sent = hits.get(keyOf(webhook_endpoint, event)) ?? [];
      const bodies = new Set(sent.map(({ body }) => body)).size;
      return [
        ...(status === 'succeeded' && !sent.some(({ accepted }) => accepted)
          ? [`${id} succeeded, and nobody took it`]
          : []),
        ...(bodies > 1 ? [`${id} was sent with ${bodies} bodies`] : []),
      ];
    });
  },

  '[WHK-2] in order, nothing is sent before what comes first is over': (left) => {
    const events = eventsOf(left);
    const hits = hitsByKey(left);
    const ids = new Map(deliveriesOf(left).map((each) => [keyOf(each.webhook_endpoint, each.event), each.id]));
    return left.merchants.flatMap((merchant) => {
      const { id, ordering } = merchant.endpoint;
      if (ordering !== 'strict') return [];
      return lanesOf(merchant, events).flatMap((lane) =>
        lane.flatMap((event, index) => {
          const before = lane[index - 1];
          const [first] = hits.get(keyOf(id, event.id)) ?? [];
          if (before === undefined || first === undefined) return [];
          const overAtMs = left.webhooks.overAtMs.get(ids.get(keyOf(id, before.id)) ?? '');
          if (overAtMs !== undefined && overAtMs <= first.sentAtMs) return [];
          return [`${event.type} of ${event.aggregate_id} was sent before ${before.type} was over (${first.address})`];
        }),
      );
    });
  },

  '[WHK-2] whoever repeats an attempt has the delivery to itself': (left) => {
    const hits = hitsByKey(left);
    const retried = retriedIn(left);
    return deliveriesOf(left).flatMap(({ id, webhook_endpoint, event }) => {
      if (retried.has(id)) return [];
      const claimed = (hits.get(keyOf(webhook_endpoint, event)) ?? []).filter(({ address }) => {
        const batch = left.webhooks.batches.get(address.split(/[/#]/)[0] ?? '') ?? [];
        const about = batch.filter((message) => message.includes(id) || message.includes(event));
        return about.length > 0 && about.every((message) => message.includes('"kind":"attempt"'));
      });
      return overlap(claimed) ? [`${id} is attempted by two at once`] : [];
    });
  },

  '[WHK-2] nothing is attempted again before its time': (left) => {
    const retried = retriedIn(left);
    return deliveriesOf(left).flatMap(({ id, attempts }) => {
      const [first, ...others] = attempts.map(({ at }) => Date.parse(at));
      if (first === undefined || retried.has(id)) return [];
      const early = others.filter((atMs, index) => atMs < first + (webhookLimits.retryOffsetsMs[index] ?? 0) - 1_000);
      return early.length === 0 ? [] : [`${id} was attempted at ${attempts.map(({ at }) => at).join(', ')}`];
    });
  },

  '[WHK-2] who deleted its endpoint is sent nothing more': ({ webhooks }) =>
    webhooks.acted.flatMap(({ act, answered }) => {
      if (act.kind !== 'delete' || answered?.reply.status !== 200) return [];
      const late = webhooks.hits.filter(
        ({ merchant, sentAtMs }) => merchant === act.merchant && sentAtMs > answered.atMs + slackMs,
      );
      return late.map(({ address, event }) => `${event} was sent to merchant ${act.merchant} at ${address}`);
    }),

  '[WHK-2] no message is dead-lettered': ({ aws }) => {
    const { ready } = aws.queues.counts(deadLetters('deliveries'));
    return ready === 0 ? [] : [`${ready} messages failed too often`];
  },

  '[WHK-1] nobody is sent what is another’s': ({ webhooks, merchants }) =>
    webhooks.hits.flatMap(({ merchant, body, event }) => {
      const { id, tenant_id } = JSON.parse(body) as Event;
      const own = merchants[merchant]?.tenant;
      return tenant_id === own && id === event ? [] : [`${event} of ${tenant_id} was sent to ${own}`];
    }),

  '[WHK-2] an address gets nothing before it has answered a challenge, and few challenges': ({ webhooks, merchants }) =>
    merchants.flatMap(({ endpoint }, merchant) => {
      const asked = webhooks.challenges.filter((each) => each.merchant === merchant);
      const consentedAtMs = asked.find(({ accepted }) => accepted)?.sentAtMs ?? Number.POSITIVE_INFINITY;
      const early = webhooks.hits.filter((each) => each.merchant === merchant && each.sentAtMs < consentedAtMs);
      const rounds = 1 + webhooks.acted.filter(({ act }) => act.merchant === merchant && act.kind === 'enable').length;
      const most = rounds * (1 + webhookLimits.challengeOffsetsMs.length);
      return [
        ...early.map(({ event }) => `${event} was sent to ${endpoint.url} before it was verified`),
        ...(asked.length > most ? [`${endpoint.url} was challenged ${asked.length} times`] : []),
      ];
    }),

  '[WHK-1] what is sent is signed under every secret that is good by then': unsigned,
};
