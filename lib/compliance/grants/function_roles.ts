// What the role of each function may do, and who assumes it: all of it follows from the function's row.

import { type FunctionName, type FunctionRow, functions, tables } from '../../../contract/capabilities.ts';
import { type KeyVerb, rotationVerbs, type TableGrant, type TableVerb } from '../../../contract/kernel/function.ts';
import { type KmsKeyName, wrappingKeys } from '../../../contract/kernel/kms_keys.ts';
import { rateName, rates } from '../../../contract/kernel/rates.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import { busName, functionName, logGroupName, queueName, tableName, type ZoneDeployment } from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import {
  allow,
  arnIn,
  failedRecords,
  key,
  plan,
  prefixed,
  type Statement,
  secret,
  stream,
  through,
  type Where,
} from './statement.ts';

const reading: readonly TableVerb[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

/** A set that an absent key must not satisfy. */
const amongAll = (operator: string, name: string, values: readonly string[]): Where => ({
  [operator]: { [name]: [...values] },
  Null: { [name]: 'false' },
});

const merged = (...conditions: readonly Where[]): Where => {
  const all: Record<string, Record<string, unknown>> = {};
  for (const condition of conditions) {
    for (const [operator, values] of Object.entries(condition)) all[operator] = { ...all[operator], ...values };
  }
  return all;
};

const partitionsOf = (table: Table, kinds: readonly string[]): string[] =>
  kinds.flatMap((kind) => [...(table.rows[kind]?.partitions ?? [])]);

function attributesOf({ attributes, verbs, countsOnly }: TableGrant): Where {
  if (attributes === undefined) return {};
  const returned: Where =
    countsOnly === true
      ? { StringEquals: { 'dynamodb:Select': 'COUNT' } }
      : {
          StringEqualsIfExists: {
            ...(verbs.some((verb) => reading.includes(verb)) && { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' }),
            ...(verbs.some((verb) => !reading.includes(verb)) && {
              'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
            }),
          },
        };
  return merged(amongAll('ForAllValues:StringEquals', 'dynamodb:Attributes', attributes), returned);
}

/** Data keys are reached as far as what wraps them may be used for it. */
const wrappedBy: Partial<Record<TableVerb, KeyVerb>> = { GetItem: 'Decrypt', PartiQLInsert: 'GenerateDataKey' };

const rowsOf = (row: FunctionRow, grant: TableGrant, verb: TableVerb): readonly string[] | undefined => {
  const use = grant.table === 'data_keys' ? wrappedBy[verb] : undefined;
  return use === undefined ? grant.rows : wrappingKeys.filter((name) => row.keys[name]?.includes(use));
};

const tableStatements = (deployment: ZoneDeployment, row: FunctionRow): Statement[] =>
  row.tables.flatMap((grant) => {
    const table = arnIn(deployment, 'dynamodb', `table/${tableName(deployment, grant.table)}`);
    const target = grant.index === undefined ? table : `${table}/index/${grant.index}`;
    return grant.verbs.map((verb) => {
      const rows = rowsOf(row, grant, verb);
      const reached =
        rows === undefined
          ? {}
          : amongAll('ForAllValues:StringLike', 'dynamodb:LeadingKeys', partitionsOf(tables[grant.table], rows));
      return allow(
        [`dynamodb:${verb}`],
        [target],
        merged(attributesOf({ ...grant, verbs: verbsWith(grant, verb) }), reached),
      );
    });
  });

/** Verbs that stand in one statement: those of data keys are bounded one by one. */
const verbsWith = ({ table, verbs }: TableGrant, verb: TableVerb): readonly TableVerb[] =>
  table === 'data_keys' && wrappedBy[verb] !== undefined ? [verb] : verbs;

const keyStatements = (deployment: ZoneDeployment, row: FunctionRow): Statement[] => [
  ...(Object.entries(row.keys) as [KmsKeyName, readonly KeyVerb[]][]).flatMap(([name, verbs]) =>
    verbs.map((verb) =>
      allow(
        [`kms:${verb}`],
        [key(name)],
        verb.startsWith('ReEncrypt') ? { Bool: { 'kms:ReEncryptOnSameKey': 'true' } } : {},
      ),
    ),
  ),
  ...(row.tables.length > 0 || row.trigger.kind === 'streams'
    ? [allow(['kms:Decrypt'], [key('data')], through(deployment, 'dynamodb'))]
    : []),
  ...(row.secrets.length > 0 && row.keys.secrets?.includes('Decrypt') !== true
    ? [allow(['kms:Decrypt'], [key('secrets')], through(deployment, 'secretsmanager'))]
    : []),
];

const secretStatements = (deployment: ZoneDeployment, { secrets, trigger }: FunctionRow): Statement[] => [
  ...(secrets.length > 0 ? [allow(['secretsmanager:GetSecretValue'], secrets.map(secret))] : []),
  ...(trigger.kind === 'rotation'
    ? [
        allow(prefixed('secretsmanager', rotationVerbs), trigger.secrets.map(secret)),
        allow(['kms:GenerateDataKey'], [key('secrets')], through(deployment, 'secretsmanager')),
      ]
    : []),
];

const triggerStatements = (deployment: ZoneDeployment, { trigger, sends = [] }: FunctionRow): Statement[] => {
  const queueArn = (queue: Parameters<typeof queueName>[1]): string =>
    arnIn(deployment, 'sqs', queueName(deployment, queue));
  const bySqs = through(deployment, 'sqs');
  return [
    ...(trigger.kind === 'streams'
      ? [
          allow(prefixed('dynamodb', ['DescribeStream', 'GetRecords', 'GetShardIterator']), trigger.tables.map(stream)),
          allow(
            ['dynamodb:ListStreams'],
            trigger.tables.map((table) =>
              arnIn(deployment, 'dynamodb', `table/${tableName(deployment, table)}/stream/*`),
            ),
          ),
          allow(['s3:PutObject'], [`${failedRecords}/*`]),
          allow(['s3:ListBucket'], [failedRecords]),
          allow(['kms:GenerateDataKey'], [key('data')], through(deployment, 's3')),
        ]
      : []),
    ...(trigger.kind === 'queue'
      ? [allow(prefixed('sqs', ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage']), [queueArn(trigger.queue)])]
      : []),
    ...(sends.length > 0
      ? [allow(['sqs:SendMessage'], sends.map(queueArn)), allow(['kms:GenerateDataKey'], [key('data')], bySqs)]
      : []),
    ...(sends.length > 0 || trigger.kind === 'queue' ? [allow(['kms:Decrypt'], [key('data')], bySqs)] : []),
  ];
};

const otherStatements = (deployment: ZoneDeployment, name: FunctionName, row: FunctionRow): Statement[] => {
  const { region } = deployment;
  return [
    ...(row.publishes
      ? [
          allow(['events:PutEvents'], [arnIn(deployment, 'events', `event-bus/${busName(deployment)}`)], {
            StringEquals: { 'events:source': 'strongroom' },
          }),
        ]
      : []),
    ...(row.makesUsageKeys
      ? [
          allow(['apigateway:POST', 'apigateway:GET'], [`arn:aws:apigateway:${region}::/apikeys`]),
          allow(
            ['apigateway:POST'],
            rates.map((rate) => `arn:aws:apigateway:${region}::/usageplans/${plan(rateName(rate))}/keys`),
          ),
        ]
      : []),
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [arnIn(deployment, 'logs', `log-group:${logGroupName(deployment, name)}:*`)],
    ),
  ];
};

/** What Lambda itself needs to attach a function to the network; the function's own code is denied it. */
const attaching = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'UnassignPrivateIpAddresses',
];
const describing = ['DescribeNetworkInterfaces', 'DescribeSubnets'];

const networkStatements = (deployment: ZoneDeployment, name: FunctionName): Statement[] =>
  profileOf(deployment).network
    ? [
        allow(prefixed('ec2', attaching), [arnIn(deployment, 'ec2', '*/*')]),
        allow(prefixed('ec2', describing), ['*']),
        {
          Effect: 'Deny',
          Action: prefixed('ec2', [...attaching, ...describing]),
          Resource: ['*'],
          Condition: {
            ArnLike: {
              'lambda:SourceFunctionArn': ['', ':*'].map((version) =>
                arnIn(deployment, 'lambda', `function:${functionName(deployment, name)}${version}`),
              ),
            },
          },
        },
      ]
    : [];

export const roleStatements = (deployment: ZoneDeployment, name: FunctionName): Statement[] => {
  const row: FunctionRow = functions[name];
  return [
    ...tableStatements(deployment, row),
    ...keyStatements(deployment, row),
    ...secretStatements(deployment, row),
    ...triggerStatements(deployment, row),
    ...otherStatements(deployment, name, row),
    ...networkStatements(deployment, name),
  ];
};
