// What a zone costs while it is idle, counted from templates.

import { describe, expect, test } from 'vitest';
import { figureIn, hoursPerMonth, type Price, prices } from '../../contract/kernel/prices.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { readAssembly } from '../../lib/cloud_assembly.ts';
import { idleCost, idleTotal } from '../../lib/costs/idle.ts';
import type { Resource } from '../../lib/template.ts';
import { cdkOut } from './templates.ts';

const region = 'us-east-1';
const linesOf = (...resources: Resource[]) =>
  idleCost([{ region, template: { Resources: Object.fromEntries(resources.map((each, at) => [`r${at}`, each])) } }]);
const dollarsOf = (...resources: Resource[]) => idleTotal(linesOf(...resources));

describe('what costs money while it is idle', () => {
  test('an interface endpoint costs its hours in each availability zone, a gateway endpoint nothing', () => {
    const endpoint = (VpcEndpointType: string): Resource => ({
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: { VpcEndpointType, SubnetIds: [{ Ref: 'a' }, { Ref: 'b' }] },
    });
    expect(dollarsOf(endpoint('Interface')).dollars).toBeCloseTo(2 * hoursPerMonth * 0.01);
    expect(linesOf(endpoint('Gateway'))).toEqual([]);
  });

  test('an alarm costs each metric that it reads, and one below a minute three times as much', () => {
    const query = (Period: number) => ({ MetricStat: { Metric: { Namespace: 'AWS/X', MetricName: 'm' }, Period } });
    const alarm = (Properties: object): Resource => ({ Type: 'AWS::CloudWatch::Alarm', Properties });
    expect(dollarsOf(alarm({ MetricName: 'm', Namespace: 'AWS/X', Period: 60 })).dollars).toBeCloseTo(0.1);
    expect(dollarsOf(alarm({ Metrics: [query(60), query(10), { Expression: 'a/b' }] })).dollars).toBeCloseTo(0.4);
  });

  test('a key costs its month, and three after two rotations; a replica is a key', () => {
    const keys = ['Key', 'ReplicaKey'].map((type): Resource => ({ Type: `AWS::KMS::${type}`, Properties: {} }));
    expect(dollarsOf(...keys)).toEqual({ dollars: 2, mostDollars: 6 });
  });

  test('a metric of our own is counted once, whoever writes or reads it, and only while it is written to', () => {
    const filter: Resource = {
      Type: 'AWS::Logs::MetricFilter',
      Properties: { MetricTransformations: [{ MetricNamespace: 'Ours', MetricName: 'm' }] },
    };
    const alarm: Resource = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Namespace: 'Ours', MetricName: 'm', Period: 60 },
    };
    const metrics = linesOf(filter, alarm).filter(({ service }) => service === 'metrics');
    expect(metrics).toMatchObject([{ count: 1, dollars: 0 }]);
    expect(metrics[0]?.mostDollars).toBeCloseTo(0.3);
  });

  test('a metric whose filter has a default value is written to all the time', () => {
    const filter = (MetricName: string, more: object): Resource => ({
      Type: 'AWS::Logs::MetricFilter',
      Properties: { MetricTransformations: [{ MetricNamespace: 'Ours', MetricName, ...more }] },
    });
    expect(dollarsOf(filter('m', {}), filter('n', { DefaultValue: 0 })).dollars).toBeCloseTo(0.3);
  });

  test('what no rule prices costs nothing', () => {
    expect(linesOf({ Type: 'AWS::DynamoDB::GlobalTable', Properties: {} })).toEqual([]);
  });
});

describe('a synthesized zone', () => {
  const stacks = readAssembly(cdkOut);
  const group = (name: string) => stacks.filter((stack) => stack.group === name);

  test('costs more in Ireland than in Virginia, by the prices of its region', () => {
    const [us, eu] = ['production-us', 'production-eu'].map((name) => idleTotal(idleCost(group(name))).dollars);
    expect(us).toBeGreaterThan(100);
    expect(eu).toBeGreaterThan(us ?? Number.POSITIVE_INFINITY);
  });

  test('is read back with each stack after those that it depends on', () => {
    for (const [index, { after }] of group('production-us').entries()) {
      const before = group('production-us').slice(0, index);
      expect(after.filter((id) => !before.some((stack) => stack.id === id))).toEqual([]);
    }
  });
});

test('every price has its page and its month, and a figure in every home region', () => {
  for (const [name, { source, read, units }] of Object.entries<Price>(prices)) {
    expect(source, name).toMatch(/^https:\/\/aws\.amazon\.com\//);
    expect(read, name).toMatch(/^\d{4}-\d{2}$/);
    expect(units, name).toBeGreaterThan(0);
    for (const { home } of Object.values(zones))
      expect(figureIn(home, name as keyof typeof prices).dollars).toBeGreaterThan(0);
  }
});
