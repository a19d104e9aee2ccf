// What must hold of webhooks when both regions of a zone are back: read from what came to the merchants' servers.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Fact } from '../../../contract/kernel/fact.ts';
import { type Event, isWanted, keyOf } from '../delivered.ts';
import type { Merchant } from '../merchants.ts';
import type { Hit } from '../receivers.ts';
import type { RegionsAftermath } from './world.ts';

interface LinkedEvent extends Event {
  readonly previous: string | null;
}

const bodyOf = (id: string): string => id.slice(id.indexOf('_') + 1);

const eventsOf = ({ regions }: RegionsAftermath): ReadonlyMap<string, LinkedEvent> =>
  new Map(
    [...regions[1].own.database.items('events')].map((item) => {
      const event = unmarshall(item as never) as LinkedEvent;
      return [bodyOf(event.id), event];
    }),
  );

/** The events of every aggregate's history, from its last fact back; what was lost to the other region is not among them. */
export function historyIn(left: RegionsAftermath): readonly Event[] {
  const events = eventsOf(left);
  const roots = [...left.regions[1].own.database.items('payments')].flatMap((item) => {
    const { sk, fact } = unmarshall(item as never) as { readonly sk: string; readonly fact: Fact | null };
    return sk === 'payment' && fact ? [bodyOf(fact.id)] : [];
  });
  return roots.flatMap((last) => {
    const history: Event[] = [];
    for (
      let at = events.get(last);
      at !== undefined;
      at = at.previous === null ? undefined : events.get(bodyOf(at.previous))
    )
      history.push(at);
    return history;
  });
}

/** A receiver that answers that it is gone has its endpoint disabled. */
const isEnabledIn =
  ({ regions }: RegionsAftermath) =>
  ({ endpoint }: Merchant): boolean =>
    [...regions[1].own.database.items('webhooks')].find(({ sk }) => sk?.S === endpoint.id)?.status?.S === 'enabled';

const acceptedBy = ({ receivers, merchants }: RegionsAftermath): ReadonlyMap<string, readonly Hit[]> =>
  Map.groupBy(
    receivers.hits.filter(({ accepted }) => accepted),
    ({ merchant, event }) => keyOf(merchants[merchant]?.endpoint.id ?? '', event),
  );

/** How often something came again that its receiver had taken. */
export const repeatsIn = (left: RegionsAftermath): number =>
  [...acceptedBy(left).values()].reduce((sum, { length }) => sum + length - 1, 0);

const hasWebhooks = ({ plan }: RegionsAftermath): boolean => plan.plan.webhooks !== null;

interface Missing {
  readonly event: Event;
  readonly merchant: Merchant;
  /**
   * A region that was cut off parked it, because its receiver failed, and that it failed was lost to the other region: nobody looks
   * until it fails again, its merchant enables it, or replays. The decision record says so.
   */
  readonly isLeftParked: boolean;
}

function missingIn(left: RegionsAftermath): Missing[] {
  if (!hasWebhooks(left)) return [];
  const accepted = acceptedBy(left);
  const items = [...left.regions[1].own.database.items('webhooks')];
  const parked = new Set(
    items.flatMap(({ status, event, webhook_endpoint }) =>
      ['parked', 'blocked'].includes(status?.S ?? '') ? [keyOf(webhook_endpoint?.S ?? '', event?.S ?? '')] : [],
    ),
  );
  const wasCutOff = left.plan.failure === 'isolated';
  return left.merchants.filter(isEnabledIn(left)).flatMap((merchant) => {
    const key = (event: Event): string => keyOf(merchant.endpoint.id, event.id);
    return historyIn(left)
      .filter((event) => isWanted(merchant, event) && !accepted.has(key(event)))
      .map((event) => ({ event, merchant, isLeftParked: wasCutOff && parked.has(key(event)) }));
  });
}

export const leftParkedIn = (left: RegionsAftermath): number =>
  missingIn(left).filter(({ isLeftParked }) => isLeftParked).length;

type Rule = (left: RegionsAftermath) => string[];

export const webhookRules: Readonly<Record<string, Rule>> = {
  '[RES-4] [WHK-2] every event of a payment’s history comes to each endpoint that wants it': (left) =>
    missingIn(left)
      .filter(({ isLeftParked }) => !isLeftParked)
      .map(({ event, merchant }) => `${event.id} (${event.type}) never came to ${merchant.endpoint.url}`),

  '[RES-4] [WHK-2] what comes twice comes under one id, and says the same': ({ receivers }) =>
    [...Map.groupBy(receivers.hits, ({ merchant, event }) => `${merchant} ${event}`)].flatMap(([key, hits]) =>
      new Set(hits.map(({ body }) => body)).size > 1 ? [`${key} was told in two ways`] : [],
    ),

  '[RES-4] [WHK-2] a hand-over in which nothing else goes wrong sends nothing twice': (left) => {
    const { failure, plan } = left.plan;
    const isCalm = failure === 'handed_over' && plan.faultRate === 0 && plan.webhooks?.illness === 0;
    return isCalm && repeatsIn(left) > 0 ? [`${repeatsIn(left)} webhooks came twice`] : [];
  },

  // Where a region can't read the lease for long, messages fail by its own fault, and people look at them.
  '[RES-4] [WHK-2] no message is dead-lettered': ({ plan, regions }) =>
    (plan.failure === 'isolated' ? [] : regions).flatMap(({ region, deadLettered }) =>
      deadLettered() === 0 ? [] : [`${deadLettered()} in ${region}`],
    ),
};
