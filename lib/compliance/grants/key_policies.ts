// Who may use each KMS key: the account administers it and uses nothing, functions by their rows, services for callers of the account or
// for what is named.

import { type FunctionName, type FunctionRow, functions } from '../../../contract/capabilities.ts';
import type { KmsKeyName } from '../../../contract/kernel/kms_keys.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import {
  alarmName,
  busName,
  logGroupPrefix,
  roleName,
  wafLogGroupName,
  type ZoneDeployment,
} from '../../derive/names.ts';
import { profileOf } from '../../derive/profile.ts';
import { areBackedUp } from './backups.ts';
import { arnIn, prefixed, type Statement, through, type Where } from './statement.ts';

const root = { AWS: 'arn:aws:iam::<account>:root' };
const forAccount = { 'aws:SourceAccount': '<account>' };

/** Nothing that opens or seals, and nothing that moves the key. */
const administering =
  'CancelKeyDeletion CreateAlias DeleteAlias DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription'.split(
    ' ',
  );
const using =
  'Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey'.split(' ');

/** Services that use a key in the name of their caller, and those that go on by a grant. */
const throughServices: Partial<
  Record<KmsKeyName, { readonly use: readonly string[]; readonly grant: readonly string[] }>
> = {
  data: { use: ['dynamodb', 'lambda', 's3', 'sqs'], grant: ['dynamodb', 'lambda'] },
  secrets: { use: ['secretsmanager'], grant: [] },
};

const may = (Principal: object, verbs: readonly string[], Condition: Where = {}): Statement => ({
  Effect: 'Allow',
  Principal,
  Action: prefixed('kms', verbs),
  Resource: ['*'],
  Condition,
});

/** By verb, the roles of the functions whose rows name the key with it. */
const ofFunctions = (deployment: ZoneDeployment, key: KmsKeyName): Statement[] => {
  const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
  const verbs = new Set(rows.flatMap(([, { keys }]) => keys[key] ?? []));
  return [...verbs].map((verb) =>
    may(root, [verb], {
      ArnEquals: {
        'aws:PrincipalArn': rows
          .filter(([, { keys }]) => keys[key]?.includes(verb))
          .map(([name]) => `arn:aws:iam::<account>:role/${roleName(deployment, name)}`),
      },
    }),
  );
};

const ofServices = (deployment: ZoneDeployment, key: KmsKeyName): Statement[] => {
  const backup = key === 'data' && areBackedUp(deployment) ? ['backup'] : [];
  const use = [...(throughServices[key]?.use ?? []), ...backup];
  const grant = [...(throughServices[key]?.grant ?? []), ...backup];
  const inTheNameOf = (services: readonly string[]): Where => ({
    StringEquals: { ...through(deployment, ...services).StringEquals, 'kms:CallerAccount': '<account>' },
  });
  return [
    ...(use.length > 0 ? [may(root, using, inTheNameOf(use))] : []),
    ...(grant.length > 0
      ? [may(root, ['CreateGrant'], { ...inTheNameOf(grant), Bool: { 'kms:GrantIsForAWSResource': 'true' } })]
      : []),
    ...(backup.length > 0 ? [may(root, ['RetireGrant'], inTheNameOf(backup))] : []),
  ];
};

/** Of the data key alone. */
const inTheirOwnName = (deployment: ZoneDeployment): Statement[] => [
  may({ Service: `logs.${deployment.region}.amazonaws.com` }, using, {
    ArnLike: {
      'kms:EncryptionContext:aws:logs:arn': [
        `${logGroupPrefix(deployment)}*`,
        ...(profileOf(deployment).webAcl ? [wafLogGroupName(deployment)] : []),
      ].map((group) => arnIn(deployment, 'logs', `log-group:${group}`)),
    },
  }),
  may({ Service: 'events.amazonaws.com' }, ['Decrypt', 'GenerateDataKey', 'DescribeKey'], {
    StringEquals: forAccount,
    ArnEquals: { 'aws:SourceArn': arnIn(deployment, 'events', `event-bus/${busName(deployment)}`) },
  }),
  may({ Service: 'cloudwatch.amazonaws.com' }, ['Decrypt', 'GenerateDataKey'], {
    StringEquals: forAccount,
    ArnLike: { 'aws:SourceArn': arnIn(deployment, 'cloudwatch', `alarm:${alarmName(deployment, '*')}`) },
  }),
];

/** A replica may be made in the zone's other region alone, and one of the two hold the primary key. */
const insideTheZone = ({ zone, region, otherRegion }: ZoneDeployment): Statement[] =>
  otherRegion === undefined
    ? []
    : [
        may(root, ['ReplicateKey'], {
          StringEquals: { 'kms:ReplicaRegion': region === zones[zone].home ? zones[zone].second : zones[zone].home },
        }),
        may(root, ['UpdatePrimaryRegion'], {
          StringEquals: { 'kms:PrimaryRegion': [zones[zone].home, zones[zone].second] },
        }),
      ];

export const keyStatements = (deployment: ZoneDeployment, key: KmsKeyName): Statement[] => [
  may(root, administering),
  ...insideTheZone(deployment),
  ...ofFunctions(deployment, key),
  ...ofServices(deployment, key),
  ...(key === 'data' ? inTheirOwnName(deployment) : []),
];
