// What holds data is the resource that it was: logical ids, names and whatever replaces a resource are compared with a record
// (docs/stateful.json), which `npm run stateful` writes and nothing else does.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RuleContext } from '../../lib/compliance/rule.ts';
import { rules } from '../../lib/compliance/strongroom_pack.ts';
import type { StageConfig } from '../../lib/config.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { type Baseline, baselineOf, lossesOf, type Recorded, statefulTypes } from '../../lib/evidence/stateful.ts';
import type { Json, ZoneTemplates } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { fieldsOf, schemaOf } from './aws_schemas.ts';
import { cdkOut, only } from './templates.ts';

const root = join(import.meta.dirname, '..', '..');
const recorded: Baseline = JSON.parse(readFileSync(join(root, 'docs', 'stateful.json'), 'utf8'));
const zones = readAssembly(cdkOut);
const production = zones.filter(({ id }) => id.split('/')[0] === 'production-us');

/** The production zone in which a resource has other properties. */
const altered = (type: string, change: (p: Json) => object): readonly ZoneTemplates[] =>
  production.map((zone) => {
    const changed = zone.resources.findIndex(
      (resource) =>
        resource.type === type && (type !== 'AWS::DynamoDB::GlobalTable' || resource.name === 'data/payments'),
    );
    const resources = zone.resources.map((resource, index) =>
      index === changed ? { ...resource, p: { ...resource.p, ...change(resource.p) } } : resource,
    );
    return { ...zone, resources };
  });
const afterwards = (type: string, change: (p: Json) => object): string =>
  lossesOf(recorded, baselineOf(altered(type, change))).join('\n');

describe('[BCK-1] what holds data', () => {
  test('is as it was recorded: nothing is replaced, renamed or let go of', () => {
    expect(lossesOf(recorded, baselineOf(production))).toEqual([]);
  });

  test('is all that outlives its stack: tables, keys with their names, secrets, queues, logs, addresses, the bucket', () => {
    const types = new Set(Object.values(recorded).map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining(
        ['DynamoDB::GlobalTable', 'KMS::Key', 'KMS::Alias', 'SecretsManager::Secret', 'SQS::Queue', 'S3::Bucket'].map(
          (type) => `AWS::${type}`,
        ),
      ),
    );
  });

  test('has the same logical ids in every locked zone', () => {
    const idsOf = (id: string): string[] =>
      Object.keys(baselineOf(zones.filter((zone) => zone.id.split('/')[0] === id))).map((key) =>
        key.replace(/^\S+ /, ''),
      );
    expect(idsOf('production-eu').sort()).toEqual(idsOf('production-us').sort());
  });

  test('a type without a row is refused, not passed over', () => {
    const [zone] = production;
    if (zone === undefined) throw new Error('production is missing');
    const [first] = zone.resources;
    const resources = [{ ...first, type: 'AWS::RDS::DBInstance', outlives: true } as never];
    expect(() => baselineOf([{ ...zone, resources }])).toThrow('say in lib/evidence/stateful.ts what replaces');
  });

  test('what replaces a resource is what AWS’s own schemas say', () => {
    for (const [type, { replacedBy, loses }] of Object.entries(statefulTypes)) {
      const schema = schemaOf(type);
      const causes = Object.entries<Json>(schema.properties).filter(([, p]) => (p.causesReplacement ?? 'no') !== 'no');
      expect([...replacedBy].sort(), type).toEqual(causes.map(([name]) => name).sort());
      for (const property of Object.keys(loses))
        expect(schema.properties, type).toHaveProperty(property.split('.')[0] ?? '');
    }
  });
});

describe('[SEC-1] no deployment draws a secret again', () => {
  const secret = 'AWS::SecretsManager::Secret';
  const drawn = only(
    production
      .filter(({ id }) => id === 'production-us')
      .flatMap(({ resources }) => resources.filter(({ type, p }) => type === secret && p.Name.endsWith('-peppers'))),
  ).p.GenerateSecretString;
  const context: RuleContext = {
    ...only(production.filter(({ id }) => id === 'production-us')),
    deployment: homeOf('production', referenceConfig.stages.production as StageConfig, 'us'),
    locked: true,
    mailbox: referenceConfig.contacts.operations,
  };
  const refusedBy = (GenerateSecretString: Json): readonly (readonly string[])[] =>
    context.resources
      .filter(({ type }) => type === secret)
      .map((resource) => rule.check({ ...resource, p: { ...resource.p, GenerateSecretString } }, context));
  const rule = only(rules.filter(({ id }) => id === 'Strongroom-SEC1'));

  test('whichever field of what it was drawn by is added, changed or left out, the synthesis fails and the record differs', () => {
    const fields = fieldsOf(secret, 'GenerateSecretString');
    expect(fields).toEqual(
      expect.arrayContaining(['PasswordLength', 'SecretStringTemplate', 'ExcludeCharacters', 'IncludeSpace']),
    );
    expect(refusedBy(drawn)).toEqual([[], []]);
    for (const field of fields) {
      const others = [undefined, true, false, 64, 'x'].filter((value) => value !== drawn[field]);
      for (const value of others) {
        const edited = Object.fromEntries(
          Object.entries({ ...drawn, [field]: value }).filter(([, each]) => each !== undefined),
        );
        for (const faults of refusedBy(edited)) {
          expect(faults.join(), `${field}: ${value}`).toContain('CloudFormation would overwrite the secret');
        }
        expect(
          afterwards(secret, () => ({ GenerateSecretString: edited })),
          `${field}: ${value}`,
        ).toContain('drawn again');
      }
    }
  });

  test('nor does a template that holds it, that draws nothing, or that gives it another name', () => {
    expect(refusedBy(undefined).flat().join()).toContain('would overwrite');
    expect(afterwards(secret, () => ({ SecretString: 'x' }))).toContain('is overwritten');
    expect(afterwards(secret, () => ({ Name: 'x' }))).toContain('CloudFormation replaces it');
  });
});

describe('a change says what it would do', () => {
  const cases: readonly (readonly [what: string, type: string, change: (p: Json) => object, says: RegExp])[] = [
    [
      'another key schema',
      'AWS::DynamoDB::GlobalTable',
      () => ({ KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }),
      /KeySchema was .* CloudFormation replaces it: the new one is empty/,
    ],
    ['another name', 'AWS::DynamoDB::GlobalTable', () => ({ TableName: 'x' }), /TableName was .* replaces it/],
    ['no stream', 'AWS::DynamoDB::GlobalTable', () => ({ StreamSpecification: undefined }), /records of the last day/],
    [
      'a replica in another region',
      'AWS::DynamoDB::GlobalTable',
      ({ Replicas: [replica] }) => ({ Replicas: [{ ...replica, Region: 'us-east-2' }] }),
      /Replicas\.Region was .* a replica that is gone/,
    ],
    ['a key of one region', 'AWS::KMS::Key', () => ({ MultiRegion: false }), /AWS refuses it/],
    [
      'a secret drawn in another way',
      'AWS::SecretsManager::Secret',
      () => ({ GenerateSecretString: { PasswordLength: 64 } }),
      /drawn again/,
    ],
    ['another key for a secret', 'AWS::SecretsManager::Secret', () => ({ KmsKeyId: 'x' }), /opens no longer/],
    [
      'a name for the bucket',
      'AWS::S3::Bucket',
      () => ({ BucketName: 'x' }),
      /BucketName was undefined, is "x".*replaces/,
    ],
    ['shorter logs', 'AWS::Logs::LogGroup', () => ({ RetentionInDays: 1 }), /what was logged earlier is gone/],
    ['another alias', 'AWS::KMS::Alias', () => ({ TargetKeyId: 'x' }), /stands for another key/],
    ['another queue', 'AWS::SQS::Queue', () => ({ QueueName: 'x' }), /replaces it/],
  ];

  test.each(cases)('%s', (_, type, change, says) => {
    expect(afterwards(type, change)).toMatch(says);
  });

  test('a resource that is gone, and one that is new', () => {
    const [first = '', ...rest] = Object.keys(recorded);
    const without = Object.fromEntries(rest.map((id) => [id, recorded[id] as Recorded]));
    expect(lossesOf(recorded, without).join()).toMatch(/is gone: CloudFormation lets go of it/);
    expect(lossesOf(without, recorded)).toEqual([`${first} (${recorded[first]?.type}) is new: record it.`]);
  });

  test('what may change in place says nothing', () => {
    expect(afterwards('AWS::KMS::Key', () => ({ Description: 'x' }))).toBe('');
    expect(afterwards('AWS::SQS::Queue', () => ({ VisibilityTimeout: 1 }))).toBe('');
  });
});
