// How endpoints' receivers do: failures in a row, and until when nothing is sent. One row for each endpoint, changed by atomic
// updates beside the endpoint's own version, so that attempts never make a merchant's change fail.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { indexKeys } from '../../../contract/kernel/table.ts';
import { webhookLimits as limits } from '../../../contract/webhooks/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { ownerOf, type TenantScope } from '../../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { holds, updateItem } from '../../kernel/store/conditional.ts';
import { batchGet } from '../../kernel/store/load.ts';
import { dueAttributes, fromItem, type Item, type Key, keyOf } from '../../kernel/store/row.ts';
import type { WebhookEndpoint } from '../domain/webhook_endpoint.ts';
import { endpointRow } from './endpoints.ts';

const Health = v.object({
  /** Answers of 4xx in a row. */
  rejections: v.optional(v.number(), 0),
  /** Attempts in a row that got no answer. */
  consecutive_timeouts: v.optional(v.number(), 0),
  /** Until then nothing is sent (ms since the epoch). */
  open_until_ms: v.optional(v.number(), 0),
});
export type Health = v.InferOutput<typeof Health>;

/** No row: nothing is counted against it. */
export const healthy: Health = { rejections: 0, consecutive_timeouts: 0, open_until_ms: 0 };

/** How the sort key of an endpoint's health begins. */
export const healthPrefix = 'health#';
const healthKey = (owner: TenantScope, endpoint: string): Key => ({
  pk: ownerOf(owner),
  sk: `${healthPrefix}${endpoint}`,
});

const rowOf = ({ config }: StorePlatform, owner: TenantScope, endpoint: string) => ({
  TableName: config.table('webhooks'),
  Key: keyOf(healthKey(owner, endpoint)),
});

const healthFrom = (item: Item | undefined): Health => {
  if (item === undefined) return healthy;
  const parsed = v.safeParse(Health, unmarshall(item));
  if (!parsed.success) throw new Defect('the health of an endpoint does not fit its schema');
  return parsed.output;
};

/** What makes an endpoint due at a time: an expression, and its values. */
function dueUpdate(endpoint: string, atMs: number): { readonly set: string; readonly values: Item } {
  const { partition, sort } = indexKeys.due;
  const { due_pk, due_sk } = dueAttributes({ id: endpoint, atMs });
  return {
    set: `${partition} = :due_partition, ${sort} = :due_sort`,
    values: { ':due_partition': { S: due_pk }, ':due_sort': { S: due_sk } },
  };
}

/** An endpoint with its health; `endpoint` is undefined where there never was one. */
export interface Receiver {
  readonly endpoint: WebhookEndpoint | undefined;
  readonly health: Health;
}

/** In one call, eventually consistent. */
export async function loadReceiver(platform: StorePlatform, owner: TenantScope, endpoint: string): Promise<Receiver> {
  const keys = [{ pk: ownerOf(owner), sk: endpoint }, healthKey(owner, endpoint)];
  const items = (await batchGet(platform, { webhooks: { keys } }))('webhooks');
  const found = items.find(({ sk }) => sk?.S === endpoint);
  const health = items.find(({ sk }) => sk?.S?.startsWith(healthPrefix));
  return { endpoint: found && fromItem(endpointRow, found).value, health: healthFrom(health) };
}

/** Counts a failure; resolves with the health that results. */
export async function countFailure(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  what: 'rejections' | 'consecutive_timeouts',
): Promise<Health> {
  const other = what === 'rejections' ? 'consecutive_timeouts' : 'rejections';
  const { Attributes } = await updateItem(platform, {
    ...rowOf(platform, owner, endpoint),
    // An answer ends a row of timeouts, and a timeout is no answer.
    UpdateExpression: 'ADD #what :one SET #other = :none',
    ExpressionAttributeNames: { '#what': what, '#other': other },
    ExpressionAttributeValues: { ':one': { N: '1' }, ':none': { N: '0' } },
    ReturnValues: 'ALL_NEW',
  });
  return healthFrom(Attributes);
}

/**
 * Nothing is counted against it any more. Should a crash leave parked what was parked, the dispatcher finds the row due in a
 * minute and has it resumed.
 */
export async function resetFailures(platform: StorePlatform, owner: TenantScope, endpoint: string): Promise<void> {
  const due = dueUpdate(endpoint, platform.clock() + limits.provisionalDelayMs);
  const cleared = Object.keys(healthy).map((name) => `${name} = :none`);
  await updateItem(platform, {
    ...rowOf(platform, owner, endpoint),
    UpdateExpression: `SET ${[...cleared, due.set].join(', ')}`,
    ExpressionAttributeValues: { ':none': { N: '0' }, ...due.values },
  });
}

/** Opens the circuit until then, when the endpoint is due to be probed; false where another was faster. */
export function openCircuit(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  fromMs: number,
  untilMs: number,
): Promise<boolean> {
  const due = dueUpdate(endpoint, untilMs);
  const update = updateItem(platform, {
    ...rowOf(platform, owner, endpoint),
    UpdateExpression: `SET open_until_ms = :until, ${due.set}`,
    ConditionExpression: 'attribute_not_exists(open_until_ms) OR open_until_ms = :from',
    ExpressionAttributeValues: { ':until': { N: String(untilMs) }, ':from': { N: String(fromMs) }, ...due.values },
  });
  return holds(update);
}

/** Nothing is parked at it: it is due no more. False where its circuit was opened again meanwhile. */
export function clearDue(
  platform: StorePlatform,
  owner: TenantScope,
  endpoint: string,
  openUntilMs: number,
): Promise<boolean> {
  const { partition, sort } = indexKeys.due;
  const update = updateItem(platform, {
    ...rowOf(platform, owner, endpoint),
    UpdateExpression: `REMOVE ${partition}, ${sort}`,
    ConditionExpression: 'open_until_ms = :until',
    ExpressionAttributeValues: { ':until': { N: String(openUntilMs) } },
  });
  return holds(update);
}
