// What may pass through the VPC's endpoints: the calls that the rows of functions grant, to the zone's own resources, by
// principals of this account. Roles decide who may call; an endpoint stops a credential of another account, or a grant made
// by mistake, from moving data out.

import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { type FunctionName, type FunctionRow, functions, type TableName, tables } from '../../contract/capabilities.ts';
import { rotationVerbs } from '../../contract/kernel/function.ts';
import type { KmsKeyName, PlatformSecretName } from '../../contract/kernel/kms_keys.ts';
import { busName, queueArn, roleName, tableName, type ZoneDeployment } from './names.ts';

export interface Guarded {
  readonly deployment: ZoneDeployment;
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
    // An endpoint's policy can name single principals in conditions alone (known, not looked up).
    principals: [new iam.AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account }, ...conditions },
  });

const policy = (stack: Stack, sid: string, actions: readonly string[], resources: readonly string[]) =>
  new iam.PolicyDocument({ statements: [statement(stack, sid, actions, resources)] });

export const tablesPolicy = (stack: Stack, { deployment }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Tables',
    distinct(rows.flatMap((row) => row.tables.flatMap(({ verbs }) => verbs))).map((verb) => `dynamodb:${verb}`),
    (Object.keys(tables) as TableName[]).flatMap((name) => {
      const table = stack.formatArn({
        service: 'dynamodb',
        resource: 'table',
        resourceName: tableName(deployment, name),
      });
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

/** Only the function that rotates secrets may change them: the endpoint names its role. */
export const secretsPolicy = (stack: Stack, { deployment, secrets }: Guarded): iam.PolicyDocument => {
  const read = policy(
    stack,
    'Secrets',
    ['secretsmanager:GetSecretValue'],
    distinct(rows.flatMap((row) => row.secrets)).map((name) => secrets[name]),
  );
  for (const [name, { trigger }] of Object.entries(functions) as [FunctionName, FunctionRow][]) {
    if (trigger.kind !== 'rotation') continue;
    const role = stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: roleName(deployment, name),
    });
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

export const busPolicy = (stack: Stack, { deployment }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Bus',
    ['events:PutEvents'],
    [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: busName(deployment) })],
  );

/** Functions send; Lambda reads queues outside the VPC. */
export const queuesPolicy = (stack: Stack, { deployment }: Guarded): iam.PolicyDocument =>
  policy(
    stack,
    'Queues',
    ['sqs:SendMessage'],
    distinct(rows.flatMap(({ sends = [] }) => sends)).map((queue) => queueArn(stack, deployment, queue)),
  );
