// Rows: a domain value between its DynamoDB item and its type. Items are parsed when read, never cast.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Fact } from '../../../contract/kernel/fact.ts';
import { dueShards } from '../../../contract/kernel/table.ts';
import type { IdKind } from '../../../contract/kernel/vocabulary.ts';
import { Defect } from '../domain/refusal.ts';
import type { TenantScope } from '../domain/tenant_scope.ts';
import { timestamp } from '../platform/clock.ts';
import { shardOf } from '../platform/ids.ts';

export type Item = Record<string, AttributeValue>;

/** A row before and after a write, as a stream tells of it. */
export interface Images {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** How one kind of value lies in its table. */
export interface RowType<T> {
  readonly table: TableName;
  readonly schema: v.GenericSchema<unknown, T>;
  /** Reads nothing of the value but what names its row. */
  key(value: T): Key;
  /** The owner in whose `list` it appears, and since when; null: in none. Absent: such rows never are. */
  listed?(value: T): { readonly owner: string; readonly id: string; readonly since: string } | null;
  /**
   * When it must be looked at again (ms since the epoch); null: never. `of` names a partition of its own, for what waits
   * for something else than time. Absent: such rows never are.
   */
  due?(value: T): { readonly id: string; readonly atMs: number; readonly of?: string } | null;
  /** By which keyed digest its owner finds it, and since when it is there; null: by none. Absent: such rows never are. */
  lookup?(
    value: T,
  ): { readonly owner: string; readonly digest: string; readonly id: string; readonly since: string } | null;
}

/** An object that a path names: `{payment_id}` is the id of a `payment`, and one that is not there `payment_not_found`. */
export interface NamedRow<T> extends RowType<T> {
  readonly kind: IdKind;
  /** Whose it is. */
  scope(value: T): TenantScope;
  /** Whether it is there for deciding about it alone, and for nobody to read: it was deleted. */
  hidden?(value: T): boolean;
}

/** A value as read, with what its next write needs. */
export interface Stored<T> {
  readonly value: T;
  /** Rises with every write. */
  readonly version: number;
  /** Rises with facts only, on the item that is its aggregate's root. */
  readonly sequence: number;
  /** When the last of those facts was recorded (ms since the epoch): with `sequence` it gives that fact's id. 0: none was. */
  readonly sequence_at_ms: number;
  readonly fact: Fact | null;
  /** Which write it comes from: no two bear the same. */
  readonly written_by: string;
  /** Of the region that wrote it; 0: from outside of any. */
  readonly writer_epoch: number;
  /** The last write of an earlier epoch that this epoch's writes build on. Absent: none was there. */
  readonly took_over?: string | undefined;
}

export const keyOf = (key: Key): Item => ({ pk: { S: key.pk }, sk: { S: key.sk } });

export function keyIn({ pk, sk }: Item): Key {
  if (!pk?.S || !sk?.S) throw new Defect('an item has no key');
  return { pk: pk.S, sk: sk.S };
}

/** Partition of the `list` index (or of a table without one) that holds an owner's rows of one shard. */
export const listPartition = (owner: string, shard: number): string => `${owner}#${shard}`;

/** Partition of the `lookup` index that holds an owner's rows of one digest. */
export const lookupPartition = (owner: string, digest: string): string => `${owner}#${digest}`;

/** Position in a list: newest last in DynamoDB's order, unique by id. */
export const listPosition = (since: string, id: string): string => `${since}#${id}`;

/** Index attributes of a value; sparse, so an absent one means "not there". */
export function indexAttributes<T>(type: RowType<T>, value: T): Record<string, string> {
  const listed = type.listed?.(value);
  const due = type.due?.(value);
  const lookup = type.lookup?.(value);
  return {
    ...(listed && {
      list_pk: listPartition(listed.owner, shardOf(listed.id, tables[type.table].listShards)),
      list_sk: listPosition(listed.since, listed.id),
    }),
    ...(due && dueAttributes(due)),
    ...(lookup && {
      lookup_pk: lookupPartition(lookup.owner, lookup.digest),
      lookup_sk: listPosition(lookup.since, lookup.id),
    }),
  };
}

export const dueAttributes = ({
  id,
  atMs,
  of,
}: {
  readonly id: string;
  readonly atMs: number;
  readonly of?: string;
}) => ({
  due_pk: of ?? String(shardOf(id, dueShards)),
  due_sk: `${timestamp(atMs)}#${id}`,
});

export const toItem = (fields: Record<string, unknown>): Item => marshall(fields, { removeUndefinedValues: true });

/** A row as `region` writes it. */
export const itemOf = <T>(type: RowType<T>, { value, ...bookkeeping }: Stored<T>, region: string): Item =>
  toItem({
    ...value,
    ...type.key(value),
    ...indexAttributes(type, value),
    ...bookkeeping,
    origin_region: region,
  });

/** A row that bears no fact, and is inserted in whichever region makes it: `written_by` says of what, so that a repeat is the same. */
export const insertedItem = <T>(type: RowType<T>, value: T, written_by: string, region: string): Item =>
  itemOf(type, { value, version: 1, sequence: 0, sequence_at_ms: 0, fact: null, written_by, writer_epoch: 0 }, region);

const Bookkeeping = v.object({
  version: v.number(),
  sequence: v.number(),
  sequence_at_ms: v.number(),
  fact: v.nullable(v.custom<Fact>((fact) => typeof fact === 'object' && fact !== null)),
  written_by: v.string(),
  writer_epoch: v.optional(v.number(), 0),
  took_over: v.optional(v.string()),
});

export function fromItem<T>(type: RowType<T>, item: Item): Stored<T> {
  const fields = unmarshall(item);
  const value = v.safeParse(type.schema, fields);
  const bookkeeping = v.safeParse(Bookkeeping, fields);
  if (!value.success || !bookkeeping.success) throw new Defect(`a row of ${type.table} does not fit its schema`);
  return { value: value.output, ...bookkeeping.output };
}
