// Webhook endpoints, and what was asked of them: rotations of secrets, tests and replays. All of one tenant and mode lie in
// one partition of the webhooks table, which nothing reads whole: a row of it names the endpoints that are not deleted.

import type * as v from 'valibot';
import type { IdKind } from '../../../contract/kernel/vocabulary.ts';
import { ownerOf, ownScope, type TenantScope } from '../../kernel/domain/tenant_scope.ts';
import type { StorePlatform, Write } from '../../kernel/store/commit.ts';
import { batchGet, load } from '../../kernel/store/load.ts';
import { fromItem, type NamedRow, type RowType, type Stored } from '../../kernel/store/row.ts';
import { Replay } from '../domain/replay.ts';
import { noSubscriptions, Subscriptions } from '../domain/subscriptions.ts';
import { WebhookEndpoint, WebhookSecret, WebhookTest } from '../domain/webhook_endpoint.ts';

const underOwner = <T extends TenantScope & { readonly id: string }>(
  kind: IdKind,
  schema: v.GenericSchema<unknown, T>,
): NamedRow<T> => ({
  table: 'webhooks',
  schema,
  kind,
  scope: ownScope,
  key: (value) => ({ pk: ownerOf(value), sk: value.id }),
});

export const endpointRow: NamedRow<WebhookEndpoint> = {
  .../* @__PURE__ */ underOwner('webhook_endpoint', WebhookEndpoint),
  hidden: ({ status }) => status === 'deleted',
};
export const secretRow = /* @__PURE__ */ underOwner('webhook_secret', WebhookSecret);
export const testRow = /* @__PURE__ */ underOwner('webhook_test', WebhookTest);
export const replayRow: NamedRow<Replay> = {
  .../* @__PURE__ */ underOwner('replay', Replay),
  due: ({ id, due_at_ms }) => (due_at_ms === null ? null : { id, atMs: due_at_ms }),
};

export const subscriptionsRow: RowType<Subscriptions> = {
  table: 'webhooks',
  schema: Subscriptions,
  key: (owner) => ({ pk: ownerOf(owner), sk: 'subscriptions' }),
};

/** Where an endpoint's signing secret is sealed: under the object that made it. */
export const secretContext = ({ tenant, mode }: TenantScope, item: string) => ({
  tenant,
  mode,
  purpose: 'webhook_secret',
  table: 'webhooks',
  item,
  field: 'secret',
});

/** Strongly consistent; deleted ones too. */
export const loadEndpoint = (
  platform: StorePlatform,
  { tenant, mode }: TenantScope,
  id: string,
): Promise<Stored<WebhookEndpoint> | undefined> => load(platform, endpointRow, { tenant, mode, id });

/** Strongly consistent. */
export const loadReplay = (
  platform: StorePlatform,
  { tenant, mode }: TenantScope,
  id: string,
): Promise<Stored<Replay> | undefined> => load(platform, replayRow, { tenant, mode, id });

/** Strongly consistent; undefined where none was ever made. */
export const loadSubscriptions = (
  platform: StorePlatform,
  { tenant, mode }: TenantScope,
): Promise<Stored<Subscriptions> | undefined> => load(platform, subscriptionsRow, { tenant, mode });

/** What an owner is subscribed to after a change, as a write beside the change. */
export async function subscriptionsWrite(
  platform: StorePlatform,
  owner: TenantScope,
  change: (now: Subscriptions) => Subscriptions,
): Promise<Write<Subscriptions>> {
  const before = (await loadSubscriptions(platform, owner)) ?? null;
  return { type: subscriptionsRow, before, next: change(before?.value ?? noSubscriptions(owner)) };
}

/** All endpoints of an owner that are not deleted: two reads, strongly consistent, in no order. */
export async function endpointsOf(platform: StorePlatform, owner: TenantScope): Promise<WebhookEndpoint[]> {
  const subscriptions = await loadSubscriptions(platform, owner);
  const keys = (subscriptions?.value.endpoints ?? []).map(({ id }) => ({ pk: ownerOf(owner), sk: id }));
  const items = (await batchGet(platform, { webhooks: { keys, consistent: true } }))('webhooks');
  const endpoints = items.map((item) => fromItem(endpointRow, item).value);
  return endpoints.filter(({ status }) => status !== 'deleted');
}
