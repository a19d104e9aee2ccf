// The table `maintenance`: runs over data keys as far as they came, and certificates of those that ended. A run's record is
// written only over the version that was read; a certificate is put once, with its fact, and never changed.

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { WrappingKey } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { base32 } from '../../kernel/platform/ids.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { platformAuditPartition } from '../../kernel/store/audit.ts';
import { commitChange, type StorePlatform, systemContext } from '../../kernel/store/commit.ts';
import { holds, putItem } from '../../kernel/store/conditional.ts';
import { type Item, type Key, type RowType, toItem } from '../../kernel/store/row.ts';
import { Certificate, RewrapRun } from '../domain/rewrap.ts';

type About = Pick<RewrapRun, 'key' | 'rotated_at' | 'table'>;

const owner = (key: WrappingKey): string => `rewrap#${key}`;
const itemKey = (kind: 'run' | 'certificate', { key, rotated_at, table }: About): Key => ({
  pk: owner(key),
  sk: `${kind}#${rotated_at}#${table}`,
});

export const certificateRow: RowType<Certificate> = {
  table: 'maintenance',
  schema: Certificate,
  key: (certificate) => itemKey('certificate', certificate),
};

export interface Records {
  readonly runs: readonly RewrapRun[];
  readonly certificates: readonly Certificate[];
}

/** Everything about one wrapping key, the oldest rotation first. */
export async function recordsOf(platform: Pick<Platform, 'config' | 'dynamodb'>, key: WrappingKey): Promise<Records> {
  const items: Item[] = [];
  let from: Item | undefined;
  for (let page = 0; page === 0 || from !== undefined; page += 1) {
    if (page === rewrapLimits.recordPages) throw new Defect('there are more records of runs than there can be');
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
  return { runs: of('run', RewrapRun), certificates: of('certificate', Certificate) };
}

/** False where another invocation has continued the run. An answer that was lost is found again by our own stamp. */
export async function putRun(platform: StorePlatform, run: RewrapRun): Promise<boolean> {
  const stamp = base32(platform.random(15));
  return holds(
    putItem(platform, {
      TableName: platform.config.table('maintenance'),
      Item: toItem({ ...itemKey('run', run), ...run, written_by: stamp }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...(run.version === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'version = :before',
            ExpressionAttributeValues: { ':before': { N: String(run.version - 1) } },
          }),
    }),
    (found) => found?.written_by?.S === stamp,
  );
}

/** Where another invocation was faster it has issued the same one. */
export async function issue(platform: StorePlatform, certificate: Certificate, requestId: string): Promise<void> {
  const audit = systemContext('rewrapper', { tenant: platformAuditPartition, mode: 'live' }, requestId);
  await commitChange(platform, certificateRow, null, { next: certificate, fact: 'certificate.issued' }, audit);
}
