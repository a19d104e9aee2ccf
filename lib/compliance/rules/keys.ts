// KMS keys and secrets: ours, rotating, and open to nobody whom a statement does not name.

import { isDeepStrictEqual } from 'node:util';
import {
  type KmsKeyName,
  keyDeletionDays,
  kmsKeys,
  type PlatformSecretName,
  platformSecrets,
} from '../../../contract/kernel/kms_keys.ts';
import { keyAlias, secretName, type ZoneDeployment } from '../../derive/names.ts';
import { ofOtherRegion } from '../../evidence/plain.ts';
import { isWildcard, statementsOf } from '../policies.ts';
import { type Json, keyArn, listed, ofType, type Rule, referredTo, unless } from '../rule.ts';

const keyOf = (name: string): KmsKeyName | undefined =>
  (Object.keys(kmsKeys) as KmsKeyName[]).find((key) => name === `keys/key-${key}`);

const secretOf = (name: Json, deployment: ZoneDeployment): PlatformSecretName | undefined =>
  (Object.keys(platformSecrets) as PlatformSecretName[]).find((secret) => name === secretName(deployment, secret));

/** Promise ENC-3: once a year. */
const mostRotationDays = 365;

/** Verbs that use a key or grant its use, unlike those that administer it. */
const uses = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateMac|Sign|CreateGrant)/;

/**
 * How each secret's first value was drawn. CloudFormation draws a new one whenever any of this differs from what was deployed
 * (coverage roadmap #1161 and #2210, aws-cdk #19985; read 2026-12-01): that would overwrite all versions, and with the peppers
 * every API key would die. So it never changes again; a secret that is added gets a row of its own.
 */
const firstValues: Readonly<Record<PlatformSecretName, Json>> = {
  peppers: {
    ExcludePunctuation: true,
    GenerateStringKey: '1',
    PasswordLength: 43,
    SecretStringTemplate: '{"current":"1"}',
  },
  digests: {
    ExcludePunctuation: true,
    GenerateStringKey: '1',
    PasswordLength: 43,
    SecretStringTemplate: '{"current":"1"}',
  },
};

const replicasIn = (region: string | undefined): Json =>
  region === undefined ? undefined : [{ KmsKeyId: ofOtherRegion(region, keyArn('secrets')), Region: region }];

const openPrincipal = (principal: Json): boolean =>
  principal === undefined ||
  Object.values(typeof principal === 'object' ? principal : { any: principal })
    .flat()
    .some(isWildcard);

export const keys: readonly Rule[] = [
  {
    id: 'Strongroom-KMS1',
    types: ['AWS::KMS::Key'],
    promises: ['ENC-1', 'ENC-3'],
    statement:
      'A key rotates every year, can be saved from its deletion for as long as the contract says, and can have replicas in its zone.',
    check: ({ name, p, outlives }, { locked, deployment }) => {
      const key = keyOf(name);
      if (key === undefined) return [`${name} has no row in contract/kernel/kms_keys.ts`];
      const days = kmsKeys[key].rotationDays;
      const window = keyDeletionDays[deployment.stageConfig.data];
      return [
        ...unless(days <= mostRotationDays, `its row says ${days} days, more than was promised`),
        ...unless(p.PendingWindowInDays === window, `it is gone ${p.PendingWindowInDays ?? 30} days after a deletion`),
        ...unless(p.EnableKeyRotation === true, 'rotation is off'),
        ...unless(p.RotationPeriodInDays === days, `it rotates every ${p.RotationPeriodInDays} days, not ${days}`),
        ...unless(!locked || outlives, 'what it wraps is lost with its stack'),
        ...unless(p.MultiRegion === true, 'it is bound to one region, which can never be changed'),
      ];
    },
  },
  {
    id: 'Strongroom-KMS2',
    types: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
    promises: ['ENC-1', 'ENC-2'],
    statement: 'A key’s policy names its principals and verbs; a service may use the key for named resources alone.',
    check: ({ p }) =>
      statementsOf(p.KeyPolicy).flatMap(({ Sid, Effect, Principal, Action, NotAction, NotPrincipal, Condition }) => [
        ...unless(NotAction === undefined && NotPrincipal === undefined, `${Sid} has a NotAction or NotPrincipal`),
        ...unless(Effect === 'Deny' || !openPrincipal(Principal), `${Sid} is open to anybody`),
        ...listed(Action)
          .filter(isWildcard)
          .map((action) => `${Sid} allows ${action}`),
        ...unless(
          Principal?.Service === undefined || Condition !== undefined,
          `${Sid} has a service without a condition`,
        ),
        ...listed(Condition?.ArnEquals?.['aws:PrincipalArn'])
          .filter(isWildcard)
          .map((role) => `${Sid} lets ${role} use it`),
        ...unless(
          Condition !== undefined || !listed(Action).some((verb) => uses.test(verb)),
          `${Sid} lets the whole account use it`,
        ),
      ]),
  },
  {
    id: 'Strongroom-KMS4',
    types: ['AWS::KMS::ReplicaKey'],
    promises: ['ENC-1', 'RES-2'],
    statement: 'A replica is of the key of the same name in the home region of its zone, and as hard to lose.',
    check: ({ name, p, outlives }, { locked, deployment }) => {
      const key = keyOf(name);
      if (key === undefined) return [`${name} has no row in contract/kernel/kms_keys.ts`];
      const window = keyDeletionDays[deployment.stageConfig.data];
      return [
        ...unless(
          deployment.otherRegion !== undefined &&
            p.PrimaryKeyArn === ofOtherRegion(deployment.otherRegion, keyArn(key)),
          `it is a replica of ${p.PrimaryKeyArn}`,
        ),
        ...unless(p.Enabled !== false, 'it is disabled'),
        // KMS rotates replicas with their primary key.
        ...unless(
          p.EnableKeyRotation === undefined && p.RotationPeriodInDays === undefined,
          `it has a rotation of its own, every ${p.RotationPeriodInDays ?? 365} days`,
        ),
        ...unless(p.PendingWindowInDays === window, `it is gone ${p.PendingWindowInDays ?? 30} days after a deletion`),
        ...unless(!locked || outlives, 'what it wraps is lost with its stack'),
      ];
    },
  },
  {
    id: 'Strongroom-KMS5',
    types: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
    promises: ['RES-2'],
    statement:
      'A key may be copied into the other region of its zone, and have its primary in one of the two, and nowhere else.',
    check: ({ p }, { deployment: { region, otherRegion } }) =>
      statementsOf(p.KeyPolicy)
        .filter(({ Effect }) => Effect !== 'Deny')
        .flatMap(({ Sid, Action, Condition }) =>
          [
            { verb: 'kms:ReplicateKey', condition: 'kms:ReplicaRegion', inside: [otherRegion] },
            { verb: 'kms:UpdatePrimaryRegion', condition: 'kms:PrimaryRegion', inside: [region, otherRegion] },
          ]
            .filter(({ verb }) => listed(Action).includes(verb))
            .flatMap(({ verb, condition, inside }) => {
              const named = listed(Condition?.StringEquals?.[condition]);
              return unless(
                named.length > 0 && named.every((each) => inside.includes(each)),
                `${Sid} allows ${verb} to ${named.join(', ') || 'any region'}`,
              );
            }),
        ),
  },
  {
    id: 'Strongroom-KMS3',
    types: ['AWS::KMS::Alias'],
    promises: ['HST-1', 'RES-2'],
    statement: 'An alias has the name of its stage, zone and key.',
    check: ({ p }, { deployment }) => {
      const key = keyOf(String(p.TargetKeyId).replace(/\.\w+$/, ''));
      return unless(
        key !== undefined && p.AliasName === keyAlias(deployment, key),
        `${p.AliasName} stands for ${p.TargetKeyId}`,
      );
    },
  },
  {
    id: 'Strongroom-SEC1',
    types: ['AWS::SecretsManager::Secret'],
    promises: ['SEC-1'],
    statement:
      'Secrets Manager generates a platform secret under the secrets key: no template holds one, and no deployment draws it again.',
    check: ({ p, outlives }, { locked, deployment }) => [
      ...unless(!locked || outlives, 'it is deleted with its stack'),
      ...unless(p.SecretString === undefined, 'the template holds the secret'),
      ...unless(
        isDeepStrictEqual(p.GenerateSecretString, firstValues[secretOf(p.Name, deployment) ?? 'peppers']),
        'its first value is drawn in another way than when it was deployed: CloudFormation would overwrite the secret',
      ),
      ...unless(p.KmsKeyId === keyArn('secrets'), 'it is not under the secrets key'),
      ...unless(
        isDeepStrictEqual(p.ReplicaRegions, replicasIn(deployment.otherRegion)),
        'it is not copied into the other region of its zone, under the secrets key there, and nowhere else',
      ),
    ],
  },
  {
    id: 'Strongroom-SEC2',
    types: ['AWS::SecretsManager::RotationSchedule'],
    promises: ['SEC-1'],
    statement:
      'A schedule rotates a platform secret within the days of its row, by a function that may be called for it.',
    check: ({ p }, zone) => {
      const secret = secretOf(referredTo(zone, p.SecretId)?.p.Name, zone.deployment);
      if (secret === undefined) return [`it rotates ${p.SecretId}`];
      const days = platformSecrets[secret].rotationDays;
      const period = p.RotationRules?.AutomaticallyAfterDays;
      return [
        ...unless(period <= days, `it rotates every ${period} days, not ${days}`),
        ...unless(
          ofType(zone, 'AWS::Lambda::Permission').some(
            ({ p: permission }) =>
              permission.Principal === 'secretsmanager.amazonaws.com' &&
              permission.SourceArn === p.SecretId &&
              permission.SourceAccount === '<account>' &&
              permission.FunctionName === p.RotationLambdaARN,
          ),
          `Secrets Manager may not call ${p.RotationLambdaARN} for it`,
        ),
      ];
    },
  },
  {
    id: 'Strongroom-SEC3',
    types: ['AWS::SecretsManager::Secret'],
    promises: ['SEC-1'],
    statement: 'A secret is a platform secret of contract/kernel/kms_keys.ts, and has one schedule that rotates it.',
    check: ({ name, p }, zone) => {
      const schedules = ofType(zone, 'AWS::SecretsManager::RotationSchedule').filter(
        ({ p: schedule }) => referredTo(zone, schedule.SecretId)?.name === name,
      );
      return [
        ...unless(
          secretOf(p.Name, zone.deployment) !== undefined,
          `${p.Name} has no row in contract/kernel/kms_keys.ts`,
        ),
        ...unless(schedules.length === 1, `it has ${schedules.length} schedules`),
      ];
    },
  },
];
