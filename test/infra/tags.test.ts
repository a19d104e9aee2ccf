// Every resource that can bear tags says whose it is and how sensitive what it holds is, by AWS's own schemas of what can.

import { describe, expect, test } from 'vitest';
import { tables } from '../../contract/capabilities.ts';
import { dataClasses } from '../../contract/kernel/data_class.ts';
import { dataClassOf } from '../../lib/derive/tags.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { type Json, listed, type Resource } from '../../lib/evidence/template.ts';
import { schemaOf } from './aws_schemas.ts';
import { cdkOut } from './templates.ts';

const regions = readAssembly(cdkOut);

/** Each list of tags that a resource bears: a table has one for each replica. Undefined: it can bear none. */
function tagsOf({ type, p }: Resource): readonly Record<string, string>[] | undefined {
  if (type === 'AWS::DynamoDB::GlobalTable') return listed(p.Replicas).map(({ Tags }) => pairs(Tags));
  const information = schemaOf(type)?.tagInformation;
  return information === undefined ? undefined : [pairs(p[information.tagPropertyName])];
}

/** Some types have a list of them, some an object. */
const pairs = (tags: Json): Record<string, string> =>
  Array.isArray(tags) ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) : (tags ?? {});

const tagged = regions.flatMap(({ id, resources }) =>
  resources.flatMap((resource) => (tagsOf(resource) ?? []).map((tags) => ({ id, resource, tags }))),
);

describe('tags', () => {
  test('whatever can bear tags names its stage, its zone and the class of its data', () => {
    expect(tagged.length).toBeGreaterThan(1_000);
    for (const { id, resource, tags } of tagged) {
      const [stage, zone] = resource.path.startsWith('account-')
        ? ['shared', 'shared']
        : (id.split('/')[0]?.split('-') ?? []);
      expect(tags, resource.path).toMatchObject({
        'strongroom:stage': stage,
        'strongroom:zone': zone,
        'strongroom:data-class': dataClassOf(resource.type, resource.name),
      });
      expect(dataClasses, resource.path).toContain(tags['strongroom:data-class']);
    }
  });

  test('a table has the class of its row in every region; the failed records of all of them that of the most sensitive', () => {
    for (const { resource, tags } of tagged) {
      if (resource.type === 'AWS::DynamoDB::GlobalTable') {
        const name = resource.name.replace('data/', '') as keyof typeof tables;
        expect(tags['strongroom:data-class']).toBe(tables[name].dataClass);
      }
      if (resource.type === 'AWS::S3::Bucket') expect(tags['strongroom:data-class']).toBe('secret');
    }
  });

  test('what holds nothing of tenants says so, and what nothing is known of is held to be the most sensitive', () => {
    expect(dataClassOf('AWS::IAM::Role', 'functions/money-role')).toBe('none');
    expect(dataClassOf('AWS::DynamoDB::GlobalTable', 'data/unheard-of')).toBe('secret');
    expect(dataClassOf('AWS::SQS::Queue', 'relay/unheard-of')).toBe('secret');
    expect(dataClassOf('AWS::SQS::Queue', 'relay/deliveries-dead-letters')).toBe('internal');
    expect(dataClassOf('AWS::DynamoDB::GlobalTable', 'data/payments-restored-20270101')).toBe('personal');
    expect(dataClassOf('AWS::Logs::LogGroup', 'api/access-logs')).toBe('personal');
  });

  test('whatever holds data has a class above none', () => {
    for (const { resource, tags } of tagged) {
      if (schemaOf(resource.type)?.isStateful !== true && !resource.outlives) continue;
      if (['AWS::EC2::EIP', 'AWS::IAM::Role'].includes(resource.type)) continue;
      expect(tags['strongroom:data-class'], resource.path).not.toBe('none');
    }
  });
});
