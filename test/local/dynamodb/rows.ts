// The shape of the suite's rows: what is there, what is called, what DynamoDB gives. Where an engine is known to give
// something else, the row says so with the reason, and the suite fails once it doesn't any more.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Name } from './engines.ts';

export type Item = Record<string, AttributeValue>;

export interface Row {
  readonly rule: string;
  /** Items that are put first. */
  readonly before?: readonly Item[];
  readonly operation: string;
  /** `TableName` is added where the operation has one. */
  readonly input: object;
  /** The output, or as much of it as is told. */
  readonly gives?: object;
  /** The name of the error. */
  readonly fails?: string;
  /** What the error carries. */
  readonly fields?: object;
  /** What lies under this key afterwards; undefined: nothing. */
  readonly after?: { readonly key: Item; readonly item: Item | undefined };
  readonly deviates?: Deviations;
}

export type Deviations = Partial<Readonly<Record<Name, string>>>;

export interface Group {
  readonly name: string;
  /** Of CreateTable, without the name. */
  readonly table: object;
  /** Put once, before all rows. */
  readonly items?: readonly Item[];
  readonly rows: (tableName: string) => readonly Row[];
}

export const s = (value: string): AttributeValue => ({ S: value });
export const n = (value: number | string): AttributeValue => ({ N: String(value) });
export const b = (...bytes: number[]): AttributeValue => ({ B: Uint8Array.from(bytes) });
export const key = (pk: string, sk = 'a'): Item => ({ pk: s(pk), sk: s(sk) });

export const schema = (partition: string, sort?: string): readonly object[] => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
];

export const attributes = (...names: readonly string[]): readonly object[] =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

export const index = (name: string, partition: string, sort: string | undefined, ...projected: string[]): object => ({
  IndexName: name,
  KeySchema: schema(partition, sort),
  Projection:
    projected.length === 1
      ? { ProjectionType: projected[0] }
      : { ProjectionType: 'INCLUDE', NonKeyAttributes: projected.slice(1) },
});

export const plainTable = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: schema('pk', 'sk'),
  AttributeDefinitions: attributes('pk', 'sk'),
};

export const invalid = 'ValidationException';
export const unmet = 'ConditionalCheckFailedException';
export const cancelled = 'TransactionCanceledException';
