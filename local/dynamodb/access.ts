// Which IAM actions a DynamoDB call asks for, on which tables and indexes (Service Authorization Reference, DynamoDB).
// Closed: an operation that is not listed is refused, because the permissions that it needs are unknown.

import * as v from 'valibot';
import type { Access } from '../endpoint/access.ts';
import { AwsError } from '../endpoint/error.ts';
import { type Call, inputOf, unknownOperation } from '../endpoint/service.ts';
import { dynamodbKeys, Touching } from './condition_keys.ts';
import { insertOf } from './insert.ts';

/** What a template says of a table that a request to it does not. */
export interface KnownTable {
  readonly partitionKey: string;
  /** Partition key by index. */
  readonly indexes: Readonly<Record<string, string>>;
  /** What DynamoDB does in its caller's name: it opens the table's key. */
  readonly opening: readonly Access[];
  /** Of a table that is strongly consistent in all its regions: the names of its key attributes. */
  readonly strongKeys?: readonly string[];
}
export type KnownTables = ReadonlyMap<string, KnownTable>;

const OneTable = v.object({ TableName: v.string(), IndexName: v.optional(v.string()) });
const ByTable = v.object({ RequestItems: v.record(v.string(), v.unknown()) });
const OnTable = v.looseObject({ TableName: v.string() });
const Transaction = v.object({
  TransactItems: v.array(
    v.strictObject({
      Put: v.optional(OnTable),
      Update: v.optional(OnTable),
      Delete: v.optional(OnTable),
      ConditionCheck: v.optional(OnTable),
      Get: v.optional(OnTable),
    }),
  ),
});
const Statements = v.object({
  Statements: v.array(v.object({ Statement: v.string(), Parameters: v.optional(v.array(v.unknown()), []) })),
});
const Writes = v.array(
  v.object({
    PutRequest: v.optional(v.object({ Item: v.unknown() })),
    DeleteRequest: v.optional(v.object({ Key: v.unknown() })),
  }),
);

/** The action that each part of a transaction needs; a transaction needs no action of its own. */
const partActions = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
} as const;

const single = new Set([
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'DescribeTable',
  'CreateTable',
]);
const batch = new Set(['BatchGetItem', 'BatchWriteItem']);
const transactions = new Set(['TransactWriteItems', 'TransactGetItems']);

const touching = (input: unknown): Touching => {
  const parsed = v.safeParse(Touching, input);
  if (parsed.success) return parsed.output;
  throw new AwsError(
    'ValidationException',
    `${v.getDotPath(parsed.issues[0]) ?? 'The input'}: ${parsed.issues[0].message}`,
  );
};

/** The requests of a batch to one table, as one that touches all their items. */
const batchTouching = (operation: string, requests: unknown): Touching => {
  if (operation === 'BatchGetItem') return touching(requests);
  const writes = v.safeParse(Writes, requests);
  if (!writes.success) throw new AwsError('ValidationException', 'The batch holds what is neither a put nor a delete.');
  return touching({
    Items: writes.output.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
  });
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

export const dynamodbAccesses = (call: Call, account: string, tables: KnownTables): readonly Access[] => {
  const { operation, region } = call;
  const tableArn = `arn:aws:dynamodb:${region}:${account}:table/`;
  const asked: Access[] = [];
  const ask = (action: string, table: string, request: () => Touching, index?: string, enclosing?: string): void => {
    const name = table.startsWith(tableArn) ? table.slice(tableArn.length) : table;
    const arn = name.startsWith('arn:') ? name : tableArn + name;
    const known = tables.get(name);
    const partitionKey = index === undefined ? known?.partitionKey : known?.indexes[index];
    asked.push({
      action: `dynamodb:${action}`,
      resource: index === undefined ? arn : `${arn}/index/${index}`,
      conditionKeys: dynamodbKeys(once(request), partitionKey, enclosing),
    });
    for (const opened of known?.opening ?? []) if (!asked.includes(opened)) asked.push(opened);
  };
  if (single.has(operation)) {
    const { TableName, IndexName } = inputOf(OneTable, call);
    ask(operation, TableName, () => touching(call.input), IndexName);
  } else if (batch.has(operation)) {
    for (const [table, requests] of Object.entries(inputOf(ByTable, call).RequestItems)) {
      ask(operation, table, () => batchTouching(operation, requests));
    }
  } else if (transactions.has(operation)) {
    for (const item of inputOf(Transaction, call).TransactItems) {
      for (const part of Object.keys(partActions) as (keyof typeof partActions)[]) {
        const on = item[part];
        if (on !== undefined) ask(partActions[part], on.TableName, () => touching(on), undefined, operation);
      }
    }
  } else if (operation === 'BatchExecuteStatement') {
    for (const { Statement, Parameters } of inputOf(Statements, call).Statements) {
      const insert = insertOf(Statement, Parameters);
      if (insert === undefined) throw new AwsError('ValidationException', `Not an INSERT of one row: ${Statement}`);
      ask('PartiQLInsert', insert.table, () => touching({ Item: insert.item }));
    }
  } else throw unknownOperation('dynamodb', operation);
  if (asked.length === 0) throw new AwsError('ValidationException', 'The request names no table.');
  return asked;
};
