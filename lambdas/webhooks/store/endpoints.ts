// Webhook endpoints, and what was asked of them: rotations of secrets, tests and replays. All of one tenant and mode lie in
// one partition of the webhooks table.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type * as v from 'valibot';
import { type IdKind, idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { ownerOf, ownScope, type TenantScope } from '../../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { load } from '../../kernel/store/load.ts';
import { fromItem, type Item, type NamedRow, type Stored } from '../../kernel/store/row.ts';
import { Replay } from '../domain/replay.ts';
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

/** All endpoints of an owner that are not deleted, strongly consistent, oldest id first. */
export async function endpointsOf(platform: StorePlatform, owner: TenantScope): Promise<Stored<WebhookEndpoint>[]> {
  const found: Stored<WebhookEndpoint>[] = [];
  let after: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: { Items?: Item[]; LastEvaluatedKey?: Item } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table('webhooks'),
        KeyConditionExpression: 'pk = :owner AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: {
          ':owner': { S: ownerOf(owner) },
          ':prefix': { S: `${idPrefixes.webhook_endpoint}_` },
        },
        ConsistentRead: true,
        ExclusiveStartKey: after,
      }),
    );
    found.push(...Items.map((item) => fromItem(endpointRow, item)));
    after = LastEvaluatedKey;
  } while (after !== undefined);
  return found.filter(({ value }) => value.status !== 'deleted');
}
