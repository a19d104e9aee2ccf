// Turns a function's row into the statements of its policy, and nothing else into any. Every statement names its actions
// and its resources; a wildcard stands only where AWS knows nothing finer, with the reason beside it.

import { ArnFormat, aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionName, FunctionRow, TableGrant } from '../../contract/capabilities.ts';
import { type KeyVerb, rotationVerbs, type TableVerb } from '../../contract/kernel/function.ts';
import { type KmsKeyName, wrappingKeys } from '../../contract/kernel/kms_keys.ts';
import { busName, logGroupName } from './names.ts';
import { queueStatements } from './queue_access.ts';
import { type Scope, tableArn, viaService } from './scope.ts';
import { streamStatements } from './stream_access.ts';
import { apiKeysArn, usagePlanKeysArns } from './usage_plans.ts';
import { vpcStatements } from './vpc_access.ts';

const pascal = (words: string): string =>
  words.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);

/** What may come back: rows' number alone, or nothing that was not named. */
const answerConditions = ({ verbs, countsOnly }: TableGrant): Record<string, Record<string, unknown>> =>
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
const attributeConditions = (grant: TableGrant): Record<string, Record<string, unknown>> => {
  if (grant.attributes === undefined) return {};
  return {
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...grant.attributes] },
    // `ForAllValues` allows when the key is absent, so the key must be there.
    Null: { 'dynamodb:Attributes': 'false' },
    ...answerConditions(grant),
  };
};

const tableStatement = (scope: Scope, grant: TableGrant): iam.PolicyStatement => {
  const table = tableArn(scope, grant.table);
  return new iam.PolicyStatement({
    sid: [pascal(grant.table), pascal(grant.index ?? ''), ...grant.verbs].join(''),
    actions: grant.verbs.map((verb) => `dynamodb:${verb}`),
    resources: [grant.index === undefined ? table : `${table}/index/${grant.index}`],
    conditions: attributeConditions(grant),
  });
};

/** What takes the use of a wrapping key: reading what it wrapped, and storing it. */
const needed = { GetItem: 'Decrypt', PutItem: 'GenerateDataKey' } as const satisfies Partial<
  Record<TableVerb, KeyVerb>
>;
const isNeeding = (verb: TableVerb): verb is keyof typeof needed => verb in needed;

/**
 * Data keys lie in partitions by purpose: a function reaches those alone whose wrapping key it may use, so that none can
 * put another key in the place of what is not its business.
 */
const dataKeyStatements = (scope: Scope, row: FunctionRow, grant: TableGrant): iam.PolicyStatement[] => {
  const each = grant.verbs.filter(isNeeding).map((verb) => {
    const statement = tableStatement(scope, { ...grant, verbs: [verb] });
    const purposes = wrappingKeys.filter((key) => row.keys[key]?.includes(needed[verb]));
    statement.addConditions({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': purposes.map((purpose) => `*#${purpose}`) },
      // `ForAllValues` allows when the key is absent, so the key must be there.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    return statement;
  });
  const others = grant.verbs.filter((verb) => !isNeeding(verb));
  return others.length === 0 ? each : [...each, tableStatement(scope, { ...grant, verbs: others })];
};

const busStatements = ({ stack, place }: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.publishes === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'Publish',
          actions: ['events:PutEvents'],
          resources: [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: busName(place) })],
          conditions: { StringEquals: { 'events:source': 'strongroom' } },
        }),
      ];

const isRewrap = (verb: KeyVerb): boolean => verb === 'ReEncryptFrom' || verb === 'ReEncryptTo';

const keyStatements = (scope: Scope, row: FunctionRow): iam.PolicyStatement[] => [
  ...Object.entries(row.keys).flatMap(([key, verbs]) => {
    const [rewraps, others] = [true, false].map((wanted) => verbs.filter((verb) => isRewrap(verb) === wanted));
    const statement = (sid: string, actions: readonly KeyVerb[] = [], conditions = {}): iam.PolicyStatement[] =>
      actions.length === 0
        ? []
        : [
            new iam.PolicyStatement({
              sid: `${pascal(key)}Key${sid}`,
              actions: actions.map((verb) => `kms:${verb}`),
              resources: [scope.arns.keys[key as KmsKeyName]],
              conditions,
            }),
          ];
    // What one key wraps must not come under another, which others may use.
    return [
      ...statement('', others),
      ...statement('ToItself', rewraps, { Bool: { 'kms:ReEncryptOnSameKey': 'true' } }),
    ];
  }),
  ...(row.tables.length > 0 || row.trigger.kind === 'streams'
    ? [
        // DynamoDB opens a table's key in the name of whoever reads or writes the table.
        new iam.PolicyStatement({
          sid: 'DataKeyThroughTables',
          actions: ['kms:Decrypt'],
          resources: [scope.arns.keys.data],
          conditions: viaService(scope, 'dynamodb'),
        }),
      ]
    : []),
];

/** New versions are put under the key in the name of whoever puts them. */
const rotationStatements = (scope: Scope, { trigger }: FunctionRow): iam.PolicyStatement[] =>
  trigger.kind === 'rotation'
    ? [
        new iam.PolicyStatement({
          sid: 'RotateSecrets',
          actions: rotationVerbs.map((verb) => `secretsmanager:${verb}`),
          resources: trigger.secrets.map((secret) => scope.arns.secrets[secret]),
        }),
        new iam.PolicyStatement({
          sid: 'NewVersionsThroughSecrets',
          actions: ['kms:GenerateDataKey'],
          resources: [scope.arns.keys.secrets],
          conditions: viaService(scope, 'secretsmanager'),
        }),
      ]
    : [];

const secretStatements = (scope: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.secrets.length === 0
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'Secrets',
          actions: ['secretsmanager:GetSecretValue'],
          resources: row.secrets.map((secret) => scope.arns.secrets[secret]),
        }),
        // A row that grants the key itself has granted this with it.
        ...(row.keys.secrets?.includes('Decrypt')
          ? []
          : [
              new iam.PolicyStatement({
                sid: 'SecretsKeyThroughSecrets',
                actions: ['kms:Decrypt'],
                resources: [scope.arns.keys.secrets],
                conditions: viaService(scope, 'secretsmanager'),
              }),
            ]),
      ];

const usageKeyStatements = ({ stack }: Scope, row: FunctionRow): iam.PolicyStatement[] =>
  row.makesUsageKeys === undefined
    ? []
    : [
        new iam.PolicyStatement({
          sid: 'UsageKeys',
          // API Gateway's actions are HTTP's verbs; there is no finer resource than all keys of the account and region.
          actions: ['apigateway:POST', 'apigateway:GET'],
          resources: [apiKeysArn(stack)],
        }),
        new iam.PolicyStatement({
          sid: 'UsageKeysIntoPlans',
          actions: ['apigateway:POST'],
          resources: usagePlanKeysArns(stack),
        }),
      ];

const logStatement = ({ stack, place }: Scope, name: FunctionName): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'OwnLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    // Lambda names the streams inside the group as it starts instances.
    resources: [
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: `${logGroupName(place, name)}:*`,
      }),
    ],
  });

/** All that the function may do. */
export const statementsOf = (scope: Scope, name: FunctionName, row: FunctionRow): iam.PolicyStatement[] => [
  ...row.tables.flatMap((grant) =>
    grant.table === 'data_keys' ? dataKeyStatements(scope, row, grant) : tableStatement(scope, grant),
  ),
  ...streamStatements(scope, row),
  ...queueStatements(scope, row),
  ...keyStatements(scope, row),
  ...secretStatements(scope, row),
  ...rotationStatements(scope, row),
  ...busStatements(scope, row),
  ...usageKeyStatements(scope, row),
  ...vpcStatements(scope.stack, scope.place, name),
  logStatement(scope, name),
];
