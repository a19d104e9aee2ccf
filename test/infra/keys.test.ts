// Keys and platform secrets, as the templates hold them.

import { describe, expect, test } from 'vitest';
import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { type KmsKeyName, kmsKeys, platformSecrets } from '../../contract/kernel/kms_keys.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { functionOf, inFunctionStacks } from './functions_of.ts';
import { account, plain } from './plain.ts';
import { ofType, only, policiesOf, type Resource, removal, synthesized, type Zone } from './templates.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: Record<string, string>;
  readonly Action: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

const { zones } = synthesized();
const rows = Object.entries(functions) as [FunctionName, FunctionRow][];

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

const keyOf = (zone: Zone, name: KmsKeyName): Resource => {
  const alias = ofType(zone.keys, 'AWS::KMS::Alias').find(
    ([, { Properties }]) => Properties.AliasName === `alias/strongroom-${zone.stage}-${zone.zone}-${name}`,
  );
  const found = zone.keys.Resources[alias?.[1].Properties.TargetKeyId['Fn::GetAtt'][0]];
  if (found === undefined) throw new Error(`no key ${name}`);
  return found;
};

const statementsOf = (zone: Zone, name: KmsKeyName): Statement[] =>
  plain(zone, 'keys', keyOf(zone, name).Properties.KeyPolicy.Statement) as Statement[];

describe('KMS keys', () => {
  test('[ENC-1] there is one per row, multi-region, rotating with the row’s period', () => {
    for (const zone of zones) {
      expect(ofType(zone.keys, 'AWS::KMS::Key')).toHaveLength(Object.keys(kmsKeys).length);
      for (const [name, row] of Object.entries(kmsKeys)) {
        expect(keyOf(zone, name as KmsKeyName).Properties).toMatchObject({
          MultiRegion: true,
          EnableKeyRotation: true,
          RotationPeriodInDays: row.rotationDays,
        });
      }
    }
  });

  test('[ENC-1] keys of a locked stage outlive their stack', () => {
    for (const zone of zones) {
      for (const [, key] of ofType(zone.keys, 'AWS::KMS::Key')) {
        expect(policiesOf(key)).toEqual(removal(zone));
      }
    }
  });

  test('[ENC-3] no policy holds a wildcard action, a principal of everybody or of another account', () => {
    for (const zone of zones) {
      for (const name of Object.keys(kmsKeys) as KmsKeyName[]) {
        for (const statement of statementsOf(zone, name)) {
          expect(statement.Effect).toBe('Allow');
          expect(list(statement.Action).join()).not.toContain('*');
          const principal = statement.Principal.AWS ?? statement.Principal.Service;
          const services = ['events', 'cloudwatch', `logs.${geography[zone.zone].home}`];
          expect([
            `arn:aws:iam::${account}:root`,
            ...(name === 'data' ? services.map((service) => `${service}.amazonaws.com`) : []),
          ]).toContain(principal);
        }
      }
    }
  });

  test('[ENC-2] a key opens for the functions whose rows name it, for services that act for a caller here, or for nobody', () => {
    const use = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey|CreateGrant|Sign|Verify|DeriveSharedSecret)/;
    for (const zone of zones) {
      const region = geography[zone.zone].home;
      for (const name of Object.keys(kmsKeys) as KmsKeyName[]) {
        for (const statement of statementsOf(zone, name)) {
          if (!list(statement.Action).some((action) => use.test(action))) continue;
          const { Condition = {} } = statement;
          const services = list(Condition.StringEquals?.['kms:ViaService']);
          const roles = list(Condition.ArnEquals?.['aws:PrincipalArn']);
          const logs = list(Condition.ArnLike?.['kms:EncryptionContext:aws:logs:arn']);
          const sources = [
            ...list(Condition.ArnEquals?.['aws:SourceArn']),
            ...list(Condition.ArnLike?.['aws:SourceArn']),
          ];
          expect(
            [services, roles, logs, sources].filter((found) => found.length > 0),
            `${name}: ${statement.Sid}`,
          ).toHaveLength(1);
          for (const group of logs) {
            expect(group.split(':log-group:')[1]).toMatch(
              new RegExp(
                `^(/strongroom/${zone.stage}/${zone.zone}/|aws-waf-logs-strongroom-${zone.stage}-${zone.zone}$)`,
              ),
            );
          }
          for (const source of sources) {
            expect(source).toMatch(
              new RegExp(`^arn:aws:[a-z]+:${region}:${account}:[a-z-]+[:/]strongroom-${zone.stage}-${zone.zone}`),
            );
            expect(Condition.StringEquals?.['aws:SourceAccount']).toBe(account);
          }
          if (services.length > 0) expect(Condition.StringEquals?.['kms:CallerAccount']).toBe(account);
          if (roles.length > 0) {
            const verb = String(list(statement.Action)).replace('kms:', '');
            const users = (Object.entries(functions) as [string, FunctionRow][])
              .filter(([, row]) => row.keys[name]?.includes(verb as 'Decrypt'))
              .map(([user]) => `arn:aws:iam::${account}:role/strongroom-${zone.stage}-${region}-${user}`);
            expect([...roles].sort()).toEqual(users.sort());
          }
        }
      }
    }
  });

  test('[ENC-2] the tenants’ key opens through no service', () => {
    for (const zone of zones) expect(JSON.stringify(statementsOf(zone, 'tenant'))).not.toContain('kms:ViaService');
  });
});

describe('platform secrets', () => {
  test('[SEC-1] each is made by Secrets Manager, with 256 bits, under the secrets key', () => {
    for (const zone of zones) {
      const found = ofType(zone.secrets, 'AWS::SecretsManager::Secret').map(([, { Properties }]) => Properties);
      expect(found.map((each) => each.Name).sort()).toEqual(
        Object.keys(platformSecrets)
          .map((name) => `strongroom-${zone.stage}-${zone.zone}-${name}`)
          .sort(),
      );
      for (const secret of found) {
        expect(secret.SecretString).toBeUndefined();
        expect(secret.GenerateSecretString).toMatchObject({
          SecretStringTemplate: '{"current":"1"}',
          GenerateStringKey: '1',
          ExcludePunctuation: true,
        });
        expect(secret.GenerateSecretString.PasswordLength * Math.log2(62)).toBeGreaterThanOrEqual(256);
        const [, key = ''] = /^keys:(\w+)\.Arn$/.exec(String(plain(zone, 'secrets', secret.KmsKeyId))) ?? [];
        expect(zone.keys.Resources[key]).toBe(keyOf(zone, 'secrets'));
      }
    }
  });

  test('[SEC-1] each is rotated within its days by one function alone, which Secrets Manager may call for it alone', () => {
    for (const zone of zones) {
      const rotating = only(rows.filter(([, { trigger }]) => trigger.kind === 'rotation'))[0];
      const RotationLambdaARN = { 'Fn::GetAtt': [functionOf(zone, rotating).id, 'Arn'] };
      const schedules = inFunctionStacks(zone, 'AWS::SecretsManager::RotationSchedule');
      expect(schedules).toHaveLength(Object.keys(platformSecrets).length);
      for (const { properties } of schedules) {
        expect(properties).toMatchObject({ RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 90 } });
        const permissions = inFunctionStacks(zone, 'AWS::Lambda::Permission').filter(
          ({ properties: each }) => JSON.stringify(each.SourceArn) === JSON.stringify(properties.SecretId),
        );
        expect(only(permissions).properties).toMatchObject({
          Principal: 'secretsmanager.amazonaws.com',
          FunctionName: RotationLambdaARN,
          SourceAccount: { Ref: 'AWS::AccountId' },
        });
      }
      expect(new Set(schedules.map(({ properties }) => JSON.stringify(properties.SecretId))).size).toBe(2);
    }
  });
});
