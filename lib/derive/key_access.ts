// What a function may do with KMS keys and with the platform secrets that one of them seals.

import { aws_iam as iam } from 'aws-cdk-lib';
import type { FunctionRow } from '../../contract/capabilities.ts';
import { type KeyVerb, rotationVerbs } from '../../contract/kernel/function.ts';
import type { KmsKeyName } from '../../contract/kernel/kms_keys.ts';
import { pascal, type Scope, viaService } from './scope.ts';

const isRewrap = (verb: KeyVerb): boolean => verb === 'ReEncryptFrom' || verb === 'ReEncryptTo';

const useStatements = (scope: Scope, key: KmsKeyName, verbs: readonly KeyVerb[]): iam.PolicyStatement[] => {
  const statement = (sid: string, of: readonly KeyVerb[], conditions = {}): iam.PolicyStatement[] =>
    of.length === 0
      ? []
      : [
          new iam.PolicyStatement({
            sid: `${pascal(key)}Key${sid}`,
            actions: of.map((verb) => `kms:${verb}`),
            resources: [scope.arns.keys[key]],
            conditions,
          }),
        ];
  return [
    ...statement(
      '',
      verbs.filter((verb) => !isRewrap(verb)),
    ),
    // What one key wraps must not come under another, which others may use.
    ...statement('ToItself', verbs.filter(isRewrap), { Bool: { 'kms:ReEncryptOnSameKey': 'true' } }),
  ];
};

export const keyStatements = (scope: Scope, row: FunctionRow): iam.PolicyStatement[] => [
  ...(Object.entries(row.keys) as [KmsKeyName, readonly KeyVerb[]][]).flatMap(([key, verbs]) =>
    useStatements(scope, key, verbs),
  ),
  ...(row.tables.length > 0 || row.trigger.kind === 'streams'
    ? [
        // DynamoDB opens a table's key in the name of its caller.
        new iam.PolicyStatement({
          sid: 'DataKeyThroughTables',
          actions: ['kms:Decrypt'],
          resources: [scope.arns.keys.data],
          conditions: viaService(scope, 'dynamodb'),
        }),
      ]
    : []),
];

export const secretStatements = (scope: Scope, row: FunctionRow): iam.PolicyStatement[] =>
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

/** Secrets Manager seals a new version in the name of its caller. */
export const rotationStatements = (scope: Scope, { trigger }: FunctionRow): iam.PolicyStatement[] =>
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
