// Which IAM actions a DynamoDB call asks for, on which tables and indexes (Service Authorization Reference, DynamoDB).
// Closed: an operation that is not listed is refused, because nobody could say what it needs.

import * as v from 'valibot';
import type { Access } from './authorize.ts';
import { AwsError } from './error.ts';
import { type Call, inputOf, unknownOperation } from './service.ts';

const OneTable = v.object({ TableName: v.string(), IndexName: v.optional(v.string()) });
const ByTable = v.object({ RequestItems: v.record(v.string(), v.unknown()) });
const OnTable = v.object({ TableName: v.string() });
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

export const dynamodbAccesses = (call: Call, account: string): readonly Access[] => {
  const { operation, region } = call;
  const access = (action: string, table: string, index?: string): Access => {
    const name = table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`;
    return {
      action: `dynamodb:${action}`,
      resource: index === undefined ? name : `${name}/index/${index}`,
      conditionKeys: {},
    };
  };
  if (single.has(operation)) {
    const { TableName, IndexName } = inputOf(OneTable, call);
    return [access(operation, TableName, IndexName)];
  }
  if (batch.has(operation)) {
    return Object.keys(inputOf(ByTable, call).RequestItems).map((table) => access(operation, table));
  }
  if (transactions.has(operation)) {
    const needed = inputOf(Transaction, call).TransactItems.flatMap((item) =>
      (Object.keys(partActions) as (keyof typeof partActions)[]).flatMap((part) => {
        const on = item[part];
        return on === undefined ? [] : [access(partActions[part], on.TableName)];
      }),
    );
    if (needed.length === 0) throw new AwsError('ValidationException', 'The transaction holds no item.');
    return needed;
  }
  throw unknownOperation('dynamodb', operation);
};
