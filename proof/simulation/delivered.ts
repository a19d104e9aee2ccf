// What a world left behind of webhooks, as its rules look at it.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Delivery } from '../../lambdas/webhooks/domain/delivery.ts';
import type { Aftermath } from './aftermath.ts';
import type { Merchant } from './merchants.ts';
import type { Hit } from './receivers.ts';

export interface Event {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: string;
  readonly tenant_id: string;
  readonly aggregate_id: string;
  readonly sequence: number;
}

export const eventsOf = ({ aws }: Aftermath): Event[] =>
  [...aws.database.items('events')].map((item) => unmarshall(item) as Event);

export const deliveriesOf = ({ aws }: Aftermath): Delivery[] =>
  [...aws.database.items('webhooks')]
    .filter(({ object }) => object?.S === 'delivery')
    .map((item) => unmarshall(item) as Delivery);

export const statusOfEndpoint = ({ aws }: Aftermath, { endpoint }: Merchant): string | undefined =>
  [...aws.database.items('webhooks')].find(({ sk }) => sk?.S === endpoint.id)?.status?.S;

/** Here nobody has two endpoints: what is told of endpoints and deliveries is told of its receiver, who does not get it. */
export const isWanted = ({ tenant, endpoint }: Merchant, { tenant_id, type, occurred_at }: Event): boolean => {
  const family = type.split('.')[0] ?? '';
  const filters = ['*', `${family}.*`, type];
  return (
    tenant_id === tenant &&
    !['webhook_endpoint', 'delivery'].includes(family) &&
    occurred_at >= endpoint.created_at &&
    filters.some((filter) => endpoint.events.includes(filter))
  );
};

/** What an endpoint is to get of each aggregate, in its order. */
export const lanesOf = (merchant: Merchant, events: readonly Event[]): Event[][] => {
  const wanted = events.filter((event) => isWanted(merchant, event));
  const lanes = Map.groupBy(wanted, ({ aggregate_id }) => aggregate_id);
  return [...lanes.values()].map((each) => each.toSorted((one, other) => one.sequence - other.sequence));
};

export const keyOf = (endpoint: string, event: string): string => `${endpoint} ${event}`;

export const hitsByKey = ({ webhooks, merchants }: Aftermath): Map<string, Hit[]> =>
  Map.groupBy(webhooks.hits, ({ merchant, event }) => keyOf(merchants[merchant]?.endpoint.id ?? '', event));

export const isOver = ({ status }: Delivery): boolean =>
  ['succeeded', 'failed', 'skipped', 'canceled'].includes(status);

/** Deliveries that somebody wanted to be attempted at once, whatever the schedule says and whoever is at it. */
export const retriedIn = ({ webhooks }: Aftermath): ReadonlySet<string | null> =>
  new Set(webhooks.acted.filter(({ act }) => act.kind === 'retry').map(({ delivery }) => delivery));
