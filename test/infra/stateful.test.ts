// What holds data is the resource that it was: logical ids, names and whatever replaces a resource are compared with a record
// (docs/stateful.json), which `npm run stateful` writes and nothing else does.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { type Baseline, baselineOf, lossesOf, type Recorded, statefulTypes } from '../../lib/evidence/stateful.ts';
import type { Json, ZoneTemplates } from '../../lib/evidence/template.ts';
import { cdkOut } from './templates.ts';

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
    const spec = JSON.parse(gunzipSync(readFileSync(join(root, 'node_modules/aws-cdk/db.json.gz'))).toString());
    const schemas: readonly Json[] = spec.schema.resource.entities;
    for (const [type, { replacedBy, loses }] of Object.entries(statefulTypes)) {
      const schema = schemas.find(({ cloudFormationType }) => cloudFormationType === type);
      const causes = Object.entries<Json>(schema.properties).filter(([, p]) => (p.causesReplacement ?? 'no') !== 'no');
      expect([...replacedBy].sort(), type).toEqual(causes.map(([name]) => name).sort());
      for (const property of Object.keys(loses))
        expect(schema.properties, type).toHaveProperty(property.split('.')[0] ?? '');
    }
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
