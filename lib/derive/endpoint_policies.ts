// What may pass through the VPC's endpoints: the calls that rows of contract/functions.ts grant, to the zone's own
// resources, by principals of this account. Roles decide who may; an endpoint keeps a stolen credential of another account,
// or a grant made by mistake, from carrying anything out.

import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { type FunctionName, type FunctionRow, functions, type TableName, tables } from '../../contract/capabilities.ts';
import { rotationVerbs } from '../../contract/kernel/function.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { busName, queueArn, roleName, tableName, type ZoneDeployment } from './names.ts';

export interface Guarded {
  readonly place: ZoneDeployment;
  readonly keys: Readonly<Record<KmsKeyName, string>>;
  readonly secrets: Readonly<Record<PlatformSecretName, string>>;
}

const rows: readonly FunctionRow[] = Object.values(functions);
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)].sort();

const statement = (
  stack: Stack,
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, Record<string, string>> = {},
) =>
  new iam.PolicyStatement({
    sid,
    // An endpoint knows no single principals but through conditions (known, not looked up).
    principals: [new iam.AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account }, ...conditions },
  });

const policy = (stack: Stack, sid: string, actions: readonly string[], resources: readonly string[]) =>
  new iam.PolicyDocument({ statements: [statement(stack, sid, actions, resources)] });

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

/** Only the function that rotates them may change secrets: an endpoint knows its role by name. */
export const secretsPolicy = (stack: Stack, { place, secrets }: Guarded): iam.PolicyDocument => {
  const read = policy(
    stack,
    'Secrets',
    ['secretsmanager:GetSecretValue'],
    distinct(rows.flatMap((row) => row.secrets)).map((name) => secrets[name]),
  );
  for (const [name, { trigger }] of Object.entries(functions) as [FunctionName, FunctionRow][]) {
    if (trigger.kind !== 'rotation') continue;
    const role = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName(place, name) });
    read.addStatements(
      statement(
        stack,
        `RotationBy${name}`,
        rotationVerbs.map((verb) => `secretsmanager:${verb}`),
        trigger.secrets.map((secret) => secrets[secret]),
        { ArnEquals: { 'aws:PrincipalArn': role } },
      ),
    );
  }
  return read;
};

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
