// Policies of resources other than keys: what endpoints let through, and who else but roles reaches a queue, a bucket, a topic or a log.
// A type that is not here has no policy.

import {
  type FunctionName,
  type FunctionRow,
  functions,
  type QueueName,
  queues,
  type TableName,
  tables,
} from '../../../contract/capabilities.ts';
import { rotationVerbs } from '../../../contract/kernel/function.ts';
import type { KmsKeyName } from '../../../contract/kernel/kms_keys.ts';
import { alarmName, busName, queueName, roleName, tableName, type ZoneDeployment } from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import { recordStatements } from './backups.ts';
import { arnIn, failedRecords, key, prefixed, type Statement, secret, type Where } from './statement.ts';

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const forAccount = { 'aws:SourceAccount': '<account>' };

const anyone = { AWS: '*' };
const onlyByTls = (verb: string, Resource: readonly string[], Principal: unknown): Statement => ({
  Effect: 'Deny',
  Principal,
  Action: [verb],
  Resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

const letThrough = (Action: readonly string[], Resource: readonly string[], Condition: Where = {}): Statement => ({
  Effect: 'Allow',
  Principal: anyone,
  Action,
  Resource,
  Condition: { StringEquals: { 'aws:PrincipalAccount': '<account>' }, ...Condition },
});

const ofTables = (deployment: ZoneDeployment): Statement =>
  letThrough(
    prefixed('dynamodb', distinct(rows.flatMap(([, row]) => row.tables.flatMap(({ verbs }) => verbs)))),
    (Object.keys(tables) as TableName[]).flatMap((name) => {
      const table = arnIn(deployment, 'dynamodb', `table/${tableName(deployment, name)}`);
      return [table, ...tables[name].indexes.map((index) => `${table}/index/${index}`)];
    }),
  );

const ofSecrets = (deployment: ZoneDeployment): Statement[] => [
  letThrough(['secretsmanager:GetSecretValue'], distinct(rows.flatMap(([, row]) => row.secrets)).map(secret)),
  ...rows.flatMap(([name, { trigger }]) =>
    trigger.kind === 'rotation'
      ? [
          letThrough(prefixed('secretsmanager', rotationVerbs), trigger.secrets.map(secret), {
            ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::<account>:role/${roleName(deployment, name)}` },
          }),
        ]
      : [],
  ),
];

const ofKeys = (): Statement =>
  letThrough(
    prefixed('kms', distinct(rows.flatMap(([, row]) => Object.values(row.keys).flat()))),
    distinct(rows.flatMap(([, row]) => Object.keys(row.keys) as KmsKeyName[])).map(key),
  );

const ofQueues = (deployment: ZoneDeployment): Statement =>
  letThrough(
    ['sqs:SendMessage'],
    distinct(rows.flatMap(([, { sends = [] }]) => sends)).map((queue) =>
      arnIn(deployment, 'sqs', queueName(deployment, queue)),
    ),
  );

const endpoints = (deployment: ZoneDeployment): Record<string, Statement[]> =>
  profileOf(deployment).network
    ? {
        'network/dynamodb-endpoint': [ofTables(deployment)],
        'network/kms-endpoint': [ofKeys()],
        'network/secretsmanager-endpoint': ofSecrets(deployment),
        'network/events-endpoint': [
          letThrough(['events:PutEvents'], [arnIn(deployment, 'events', `event-bus/${busName(deployment)}`)]),
        ],
        'network/sqs-endpoint': [ofQueues(deployment)],
      }
    : {};

/** WAF's own delivery, which would otherwise be allowed without naming an account. */
const logDelivery = (deployment: ZoneDeployment): Record<string, Statement[]> => ({
  'account/waf-logs-delivery': [
    {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [arnIn(deployment, 'logs', 'log-group:aws-waf-logs-strongroom-*:*')],
      Condition: { StringEquals: forAccount, ArnLike: { 'aws:SourceArn': arnIn(deployment, 'logs', '*') } },
    },
  ],
});

/** By the name of the construct that holds the policy. */
export const resourceStatements = (deployment: ZoneDeployment): Record<string, Statement[]> => ({
  ...endpoints(deployment),
  ...logDelivery(deployment),
  ...recordStatements(deployment),
  ...Object.fromEntries(
    (Object.keys(queues) as QueueName[])
      .flatMap((queue) => [queue, `${queue}-dead-letters`])
      .map((id) => [`relay/${id}-policy`, [onlyByTls('sqs:*', [`relay/${id}.Arn`], anyone)]]),
  ),
  'relay/failed-stream-records/Policy': [onlyByTls('s3:*', [failedRecords, `${failedRecords}/*`], anyone)],
  'watch/operations/Policy': [
    onlyByTls('sns:Publish', ['watch/operations'], '*'),
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['sns:Publish'],
      Resource: ['watch/operations'],
      Condition: {
        StringEquals: forAccount,
        ArnLike: { 'aws:SourceArn': arnIn(deployment, 'cloudwatch', `alarm:${alarmName(deployment, '*')}`) },
      },
    },
  ],
});
