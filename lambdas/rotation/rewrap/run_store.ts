// The table `maintenance`: runs over data keys where they stand, and certificates of those that ended. A walk's record moves
// only from the version that was read; a certificate is put once, with the fact that tells of it, and never changed.

import { ConditionalCheckFailedException, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { WrappingKey } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { base32 } from '../../kernel/platform/ids.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { platformAuditPartition } from '../../kernel/store/audit.ts';
import { type AuditContext, commit, type StorePlatform } from '../../kernel/store/commit.ts';
import { type Item, type Key, type RowType, toItem } from '../../kernel/store/row.ts';
import { Certificate, RewrapRun } from '../domain/rewrap.ts';

type About = Pick<RewrapRun, 'key' | 'rotated_at' | 'table'>;

const owner = (key: WrappingKey): string => `rewrap#${key}`;
const itemKey = (kind: 'walk' | 'certificate', { key, rotated_at, table }: About): Key => ({
  pk: owner(key),
  sk: `${kind}#${rotated_at}#${table}`,
});

export const certificateRow: RowType<Certificate> = {
  table: 'maintenance',
  schema: Certificate,
  key: (certificate) => itemKey('certificate', certificate),
  listed: () => null,
  due: () => null,
};

export interface Records {
  readonly walks: readonly RewrapRun[];
  readonly certificates: readonly Certificate[];
}

/** Everything about one wrapping key, the oldest rotation first. */
export async function recordsOf(platform: Pick<Platform, 'config' | 'dynamodb'>, key: WrappingKey): Promise<Records> {
  const items: Item[] = [];
  let from: Item | undefined;
  for (let page = 0; page === 0 || from !== undefined; page += 1) {
    if (page === rewrapLimits.recordPages) throw new Defect('there are more records of walks than there can be');
    const { Items = [], LastEvaluatedKey } = await platform.dynamodb.send(
      new QueryCommand({
        TableName: platform.config.table('maintenance'),
        KeyConditionExpression: 'pk = :owner',
        ExpressionAttributeValues: { ':owner': { S: owner(key) } },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...Items);
    from = LastEvaluatedKey;
  }
  const of = <T>(kind: string, schema: v.GenericSchema<unknown, T>): T[] =>
    items.filter(({ sk }) => sk?.S?.startsWith(`${kind}#`)).map((item) => v.parse(schema, unmarshall(item)));
  return { walks: of('walk', RewrapRun), certificates: of('certificate', Certificate) };
}

/** False where another run has gone on with the walk. An answer lost on the way is made up for by our own stamp. */
export async function putRun(platform: StorePlatform, walk: RewrapRun): Promise<boolean> {
  const stamp = base32(platform.random(15));
  try {
    await platform.dynamodb.send(
      new PutItemCommand({
        TableName: platform.config.table('maintenance'),
        Item: toItem({ ...itemKey('walk', walk), ...walk, written_by: stamp }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...(walk.version === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :before',
              ExpressionAttributeValues: { ':before': { N: String(walk.version - 1) } },
            }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item?.written_by?.S === stamp;
    throw error;
  }
}

/** Whoever was faster has issued the same one. */
export async function issue(platform: StorePlatform, certificate: Certificate, requestId: string): Promise<void> {
  const act: AuditContext = {
    tenant: platformAuditPartition,
    mode: 'live',
    actor: { kind: 'system', id: 'rewrapper' },
    onBehalfOf: null,
    requestId,
    address: null,
  };
  const write = { type: certificateRow, before: null, next: certificate };
  await commit(platform, [write], { type: 'certificate.issued', aggregateId: certificate.id }, act);
}
