// What must hold in the very transaction of a commit, beside the rows that it writes: something is true of another row, or a
// counter still has room, and then counts one.

import type { ErrorCode, TableName } from '../../../contract/capabilities.ts';
import type { Refused } from '../domain/decision.ts';
import type { Config } from '../platform/config.ts';
import { type Item, type Key, keyOf } from './row.ts';

interface Guarding {
  readonly table: TableName;
  readonly key: Key;
  /** What is refused where it does not hold. */
  readonly refused: ErrorCode;
}

/** An attribute that is true. */
export interface Check extends Guarding {
  readonly attribute: string;
}

/** A row of which there is no other use: it counts, begins at nothing, and goes by itself. */
export interface Counter extends Guarding {
  /** The last that has room. */
  readonly max: number;
  /** Seconds since the epoch, for the table's time to live. */
  readonly expires_at_s: number;
}

export type Guard = Check | Counter;

/** Every row was as read, and this did not hold: nothing was written, and nothing counted. */
export type Unmet = { readonly kind: 'unmet'; readonly guard: Guard } & Refused;

/** Why a part of a transaction failed, with the item found where a row was not as read. */
export interface Reason {
  readonly code: string;
  readonly item?: Item | undefined;
}

const checkOf = ({ attribute }: Check) => ({
  ConditionExpression: '#attribute = :true',
  ExpressionAttributeNames: { '#attribute': attribute },
  ExpressionAttributeValues: { ':true': { BOOL: true } },
});

const countOf = ({ max, expires_at_s }: Counter) => ({
  UpdateExpression: 'SET expires_at_s = :expires ADD #count :one',
  ConditionExpression: 'attribute_not_exists(#count) OR #count < :max',
  ExpressionAttributeNames: { '#count': 'count' },
  ExpressionAttributeValues: {
    ':expires': { N: String(expires_at_s) },
    ':max': { N: String(max) },
    ':one': { N: '1' },
  },
});

/** Its part of the transaction. */
export function guardItem({ table }: Config, guard: Guard) {
  const row = { TableName: table(guard.table), Key: keyOf(guard.key) };
  return 'attribute' in guard
    ? { ConditionCheck: { ...row, ...checkOf(guard) } }
    : { Update: { ...row, ...countOf(guard) } };
}

/** The guard that failed, where nothing else did: a row that was not as read, or that another held, is decided about again first. */
export function unmetOf(reasons: readonly Reason[], guards: readonly Guard[]): Unmet | null {
  const at = reasons.findIndex(({ code }) => code !== 'None') - (reasons.length - guards.length);
  const contended = reasons.some(({ code }) => code === 'TransactionConflict');
  const guard = contended ? undefined : guards[at];
  return guard === undefined ? null : { kind: 'unmet', refused: guard.refused, guard };
}
