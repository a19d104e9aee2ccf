// What may pass through the VPC's endpoints: the calls that rows of contract/functions.ts grant, to the zone's own
// resources, by principals of this account. Roles decide who may; an endpoint keeps a stolen credential of another account,
// or a grant made by mistake, from carrying anything out.

import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { type FunctionRow, functions } from '../../contract/functions.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/keys.ts';
import { type TableName, tables } from '../../contract/tables.ts';
import { busName, type Place, queueArn, tableName } from './names.ts';

export interface Guarded {
  readonly place: Place;
  readonly keys: Readonly<Record<KmsKeyName, string>>;
  readonly secrets: Readonly<Record<PlatformSecretName, string>>;
}

const rows: readonly FunctionRow[] = Object.values(functions);
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)].sort();

const policy = (stack: Stack, sid: string, actions: readonly string[], resources: readonly string[]) =>
  new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid,
        // An endpoint knows no single principals but through conditions (known, not looked up).
        principals: [new iam.AnyPrincipal()],
        actions: [...actions],
        resources: [...resources],
        conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account } },
      }),
    ],
  });

export const tablesPolicy = (stack: Stack, { place }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Tables',
    distinct(rows.flatMap((row) => row.tables.flatMap(({ verbs }) => verbs))).map((verb) => `dynamodb:${verb}`),
    (Object.keys(tables) as TableName[]).flatMap((name) => {
      const table = stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName(place, name) });
      return [table, ...tables[name].indexes.map((index) => `${table}/index/${index}`)];
    }),
  );

export const keysPolicy = (stack: Stack, { keys }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Keys',
    distinct(rows.flatMap((row) => Object.values(row.keys).flat())).map((verb) => `kms:${verb}`),
    distinct(rows.flatMap((row) => Object.keys(row.keys) as KmsKeyName[])).map((name) => keys[name]),
  );

export const secretsPolicy = (stack: Stack, { secrets }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Secrets',
    ['secretsmanager:GetSecretValue'],
    distinct(rows.flatMap((row) => row.secrets)).map((name) => secrets[name]),
  );

export const busPolicy = (stack: Stack, { place }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Bus',
    ['events:PutEvents'],
    [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: busName(place) })],
  );

/** Functions send; Lambda takes from queues by its own ways. */
export const queuesPolicy = (stack: Stack, { place }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Queues',
    ['sqs:SendMessage'],
    distinct(rows.flatMap(({ sends = [] }) => sends)).map((queue) => queueArn(stack, place, queue)),
  );
