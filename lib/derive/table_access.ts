// What a function may do with tables: the verbs of its row, on the kinds of rows and the attributes that it names. Of data keys it reaches
// those alone whose wrapping key it may use.

import { aws_iam as iam } from 'aws-cdk-lib';
import { type FunctionRow, type TableGrant, tables } from '../../contract/capabilities.ts';
import type { KeyVerb, TableVerb } from '../../contract/kernel/function.ts';
import { wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import type { Table } from '../../contract/kernel/table.ts';
import { pascal, type Scope, tableArn } from './scope.ts';

type Conditions = Record<string, Record<string, unknown>>;

const reads = new Set<TableVerb>(['GetItem', 'BatchGetItem', 'Query', 'Scan']);

/** What a call may return: the number of rows alone, or no attribute that it did not name. */
const returnConditions = ({ verbs, countsOnly }: TableGrant): Conditions =>
  countsOnly
    ? { StringEquals: { 'dynamodb:Select': 'COUNT' } }
    : {
        StringEqualsIfExists: {
          // Without these a whole item could be returned without an attribute being named.
          ...(verbs.some((verb) => reads.has(verb)) && { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' }),
          ...(verbs.some((verb) => !reads.has(verb)) && {
            'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
          }),
        },
      };

/** Only these attributes may be named. */
const attributeConditions = (grant: TableGrant): Conditions => {
  if (grant.attributes === undefined) return {};
  return {
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...grant.attributes] },
    // `ForAllValues` allows when the key is absent, so the key must be there.
    Null: { 'dynamodb:Attributes': 'false' },
    ...returnConditions(grant),
  };
};

/** Only rows of these partitions may be reached, each part of a transaction and each item of a batch by itself. */
const partitionConditions = (partitions: readonly string[]): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] },
  // As above.
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const partitionsOf = ({ table, rows = [] }: TableGrant): readonly string[] =>
  rows.flatMap((kind) => {
    const found = (tables[table] as Table).rows[kind];
    if (found === undefined) throw new Error(`${table} has no rows of the kind ${kind}`);
    return found.partitions;
  });

const tableStatement = (scope: Scope, grant: TableGrant): iam.PolicyStatement => {
  const table = tableArn(scope, grant.table);
  const statement = new iam.PolicyStatement({
    sid: [pascal(grant.table), pascal(grant.index ?? ''), ...grant.verbs].join(''),
    actions: grant.verbs.map((verb) => `dynamodb:${verb}`),
    resources: [grant.index === undefined ? table : `${table}/index/${grant.index}`],
    conditions: attributeConditions(grant),
  });
  if (grant.rows !== undefined) statement.addConditions(partitionConditions(partitionsOf(grant)));
  return statement;
};

/** The use of a wrapping key that a verb presupposes: to open a data key that is read, to make one that is stored. */
const presupposed = { GetItem: 'Decrypt', PartiQLInsert: 'GenerateDataKey' } as const satisfies Partial<
  Record<TableVerb, KeyVerb>
>;
const presupposesKey = (verb: TableVerb): verb is keyof typeof presupposed => verb in presupposed;

/** Data keys are in partitions by purpose: a function can neither read those of another purpose nor replace them. */
const dataKeyStatements = (scope: Scope, row: FunctionRow, grant: TableGrant): iam.PolicyStatement[] => {
  const byPurpose = grant.verbs.filter(presupposesKey).map((verb) => {
    const statement = tableStatement(scope, { ...grant, verbs: [verb] });
    const purposes = wrappingKeys.filter((key) => row.keys[key]?.includes(presupposed[verb]));
    statement.addConditions(partitionConditions(partitionsOf({ ...grant, rows: purposes })));
    return statement;
  });
  const others = grant.verbs.filter((verb) => !presupposesKey(verb));
  return others.length === 0 ? byPurpose : [...byPurpose, tableStatement(scope, { ...grant, verbs: others })];
};

export const tableStatements = (scope: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.tables.flatMap((grant) =>
    grant.table === 'data_keys' ? dataKeyStatements(scope, row, grant) : tableStatement(scope, grant),
  );
