// The table of data keys as the rewrapper sees it: page by page, and a row whose wrapped key is replaced where it is as it was
// read. Nothing else of a row is ever changed.

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { type WrappingKey, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rewrapLimits } from '../../../contract/rotation/limits.ts';
import type { DataKeyId } from '../../kernel/crypto/keyring.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { holds, updateItem } from '../../kernel/store/conditional.ts';
import { dataKeyItem } from '../../kernel/store/data_keys.ts';
import { type Item, type Key, keyOf } from '../../kernel/store/row.ts';

export interface WrappedKey {
  readonly id: DataKeyId;
  readonly wrapped: Uint8Array;
  readonly createdMs: number;
  readonly wrappedMs: number;
}

type StorePlatform = Pick<Platform, 'config' | 'dynamodb'>;

const Owner = /^(?<tenant>[^#]+)#(?<wrapping>[a-z]+)$/;
const Name = /^(?<day>\d{5})\.(?<number>\d{1,10})$/;
const Row = /* @__PURE__ */ v.object({
  pk: /* @__PURE__ */ v.string(),
  sk: /* @__PURE__ */ v.string(),
  wrapped: /* @__PURE__ */ v.instance(Uint8Array),
  created_at: /* @__PURE__ */ v.pipe(/* @__PURE__ */ v.string(), /* @__PURE__ */ v.isoTimestamp()),
  wrapped_at: /* @__PURE__ */ v.pipe(/* @__PURE__ */ v.string(), /* @__PURE__ */ v.isoTimestamp()),
});

/** `another`: of another wrapping key. `unreadable`: nobody can say whose it is, or what. */
function rowOf(item: Item, wrapping: WrappingKey): WrappedKey | 'another' | 'unreadable' {
  const [owner, name] = [Owner.exec(item.pk?.S ?? '')?.groups, Name.exec(item.sk?.S ?? '')?.groups];
  if (wrappingKeys.some((other) => other === owner?.wrapping && other !== wrapping)) return 'another';
  const row = v.safeParse(Row, unmarshall(item));
  if (!row.success || owner?.wrapping !== wrapping || name === undefined) return 'unreadable';
  return {
    id: { tenant: owner.tenant ?? '', wrapping, day: Number(name.day), number: Number(name.number) },
    wrapped: row.output.wrapped,
    createdMs: Date.parse(row.output.created_at),
    wrappedMs: Date.parse(row.output.wrapped_at),
  };
}

export interface WrappedPage {
  readonly rows: readonly WrappedKey[];
  /** Rows that belong to no wrapping key, or have not the form of any. */
  readonly unreadable: number;
  /** Null: it was the last page. */
  readonly last: Key | null;
}

/** As stored at this moment, from behind `after`. */
export async function wrappedPage(
  { config, dynamodb }: StorePlatform,
  wrapping: WrappingKey,
  after: Key | null,
): Promise<WrappedPage> {
  const { Items = [], LastEvaluatedKey } = await dynamodb.send(
    new ScanCommand({
      TableName: config.table('data_keys'),
      ConsistentRead: true,
      Limit: rewrapLimits.pageRows,
      ExclusiveStartKey: after === null ? undefined : keyOf(after),
    }),
  );
  const read = Items.map((item) => rowOf(item, wrapping));
  const [pk, sk] = [LastEvaluatedKey?.pk?.S, LastEvaluatedKey?.sk?.S];
  if (LastEvaluatedKey !== undefined && (pk === undefined || sk === undefined)) throw new Defect('a scan lost its way');
  return {
    rows: read.filter((row) => typeof row !== 'string'),
    unreadable: read.filter((row) => row === 'unreadable').length,
    last: pk === undefined || sk === undefined ? null : { pk, sk },
  };
}

/** False where the row is not as it was read: somebody else has wrapped it again. */
export const replaceWrapped = (
  platform: StorePlatform & Pick<Platform, 'writer'>,
  { id, wrapped: old }: WrappedKey,
  wrapped: Uint8Array,
  atMs: number,
): Promise<boolean> =>
  holds(
    updateItem(platform, {
      TableName: platform.config.table('data_keys'),
      Key: keyOf(dataKeyItem(id)),
      UpdateExpression: 'SET #wrapped = :wrapped, wrapped_at = :at',
      ConditionExpression: '#wrapped = :old',
      ExpressionAttributeNames: { '#wrapped': 'wrapped' },
      ExpressionAttributeValues: { ':wrapped': { B: wrapped }, ':at': { S: timestamp(atMs) }, ':old': { B: old } },
    }),
  );
