// Rows that are created once and never change: they are inserted, which needs a permission that neither overwrites nor deletes.
// What is there already stays as it is, so inserts may be repeated at will.

import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  BatchStatementErrorCodeEnum as Code,
} from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contract/capabilities.ts';
import { awsLimits } from '../../../contract/kernel/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import type { Item } from './row.ts';

/**
 * Sends all items, so many a call; `send` returns those that AWS put off. Those are sent again, after longer and longer
 * pauses; throws where AWS keeps putting some off.
 */
export async function sendAll<T>(
  sleep: Platform['sleep'],
  items: readonly T[],
  perCall: number,
  send: (batch: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let waiting = items;
  for (let tries = 0; waiting.length > 0; tries += 1) {
    if (tries > items.length / perCall + awsLimits.unprocessedTries) throw new Defect('a batch was put off too often');
    const putOff = await send(waiting.slice(0, perCall));
    if (putOff.length > 0) {
      await sleep(Math.min(awsLimits.unprocessedBackoffMaxMs, awsLimits.unprocessedBackoffMs * 2 ** tries));
    }
    waiting = [...putOff, ...waiting.slice(perCall)];
  }
}

export interface TableItem {
  readonly table: TableName;
  readonly item: Item;
}

export type Inserting = Pick<Platform, 'config' | 'dynamodb' | 'sleep'>;

const insertOf = (platform: Inserting, { table, item }: TableItem): BatchStatementRequest => ({
  Statement: `INSERT INTO "${platform.config.table(table)}" VALUE {${Object.keys(item).map((name) => `'${name}':?`)}}`,
  Parameters: Object.values(item),
});

/** API reference, BatchStatementError: what may go well a moment later. */
const passing: ReadonlySet<string | undefined> = new Set([
  Code.InternalServerError,
  Code.ProvisionedThroughputExceeded,
  Code.RequestLimitExceeded,
  Code.ThrottlingError,
  Code.TransactionConflict,
]);

/** Inserts all of them, and counts those that were there already; throws where DynamoDB refuses one, or keeps putting some off. */
export async function insertAll(platform: Inserting, rows: readonly TableItem[]): Promise<number> {
  // DynamoDB refuses a batch that names one key twice.
  const distinct = new Map(rows.map((row) => [`${row.table} ${row.item.pk?.S} ${row.item.sk?.S}`, row]));
  let present = 0;
  await sendAll(platform.sleep, [...distinct.values()], awsLimits.insertStatements, async (batch) => {
    const Statements = batch.map((row) => insertOf(platform, row));
    const { Responses = [] } = await platform.dynamodb.send(new BatchExecuteStatementCommand({ Statements }));
    return batch.filter((row, at) => {
      const response = Responses[at];
      if (response === undefined) throw new Defect('DynamoDB did not say what became of an insert');
      if (response.Error === undefined) return false;
      if (passing.has(response.Error.Code)) return true;
      if (response.Error.Code !== Code.DuplicateItem) {
        throw new Defect(`an insert into ${row.table} failed: ${response.Error.Code}`);
      }
      present += 1;
      return false;
    });
  });
  return present;
}

/** False where it was there already: perhaps by an insert of one's own whose answer was lost. */
export const insert = async (platform: Inserting, table: TableName, item: Item): Promise<boolean> =>
  (await insertAll(platform, [{ table, item }])) === 0;
