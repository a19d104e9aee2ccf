// Gradual deployment: what answers requests has an alias of its published version, which CodeDeploy moves under alarms; a version is
// new when, and only when, its function is another one.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { buildApp } from '../../lib/app.ts';
import { type Config, ConfigError, configure, stageAtOnce } from '../../lib/config.ts';
import { alarmsJudging, goesOffInTime, trafficShift } from '../../lib/derive/live_alias.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { ZoneTemplates } from '../../lib/evidence/template.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { cdkOut, only, ofType as resourcesIn, synthesized } from './templates.ts';
import { unvalidated } from './unvalidated.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-alias-'));
afterAll(() => rmSync(folder, { recursive: true }));

const gradual = (zone: ZoneTemplates): boolean => !zone.id.startsWith('sandbox-');
const regions = readAssembly(cdkOut);
const answering = (Object.keys(functions) as FunctionName[]).filter((name) =>
  ['api', 'authorizer'].includes(functions[name].trigger.kind),
);
const named = ({ resources }: ZoneTemplates, type: string): string[] =>
  resources.filter((each) => each.type === type).map(({ name }) => name);

describe('an alias', () => {
  test('stands before each function that answers requests, and before no other, in both regions', () => {
    expect(answering.length).toBeGreaterThan(10);
    expect(answering.length).toBeLessThan(Object.keys(functions).length);
    expect(regions.filter(gradual).some(({ id }) => id === 'production-us/second')).toBe(true);
    for (const zone of regions.filter(gradual)) {
      expect(named(zone, 'AWS::Lambda::Alias').sort()).toEqual(
        answering.map((name) => `functions/${name}-live`).sort(),
      );
      expect(named(zone, 'AWS::Lambda::Version')).toHaveLength(answering.length);
      expect(named(zone, 'AWS::CodeDeploy::DeploymentGroup')).toHaveLength(answering.length);
      expect(named(zone, 'AWS::CodeDeploy::Application')).toEqual(['functions/deployments']);
    }
  });

  test('is what every route, the authorizer and their permissions name', () => {
    for (const zone of regions.filter(gradual)) {
      const calls = zone.resources.flatMap(({ type, p }) => {
        if (type === 'AWS::ApiGateway::Method') return [p.Integration.Uri.replace(/\/invocations$/, '')];
        if (type === 'AWS::ApiGateway::Authorizer') return [p.AuthorizerUri.replace(/\/invocations$/, '')];
        return type === 'AWS::Lambda::Permission' && p.Principal === 'apigateway.amazonaws.com' ? [p.FunctionName] : [];
      });
      expect(calls.length).toBeGreaterThan(100);
      for (const call of calls) expect(call).toMatch(/:function:strongroom-[a-z]+-[a-z]+-[a-z_]+:live$/);
    }
  });

  test('there is none in a sandbox, nor anything of CodeDeploy', () => {
    const zone = only(regions.filter((each) => !gradual(each)));
    expect(zone.resources.filter(({ type }) => /CodeDeploy|Lambda::(Alias|Version)/.test(type))).toEqual([]);
    expect(JSON.stringify(zone.resources.map(({ p }) => p))).not.toContain(':live');
  });
});

describe('the alarms that take a new version back', () => {
  test('are on metrics of the zone, go off while a part of the requests meets it, and are ten at most', () => {
    for (const zone of regions.filter(gradual)) {
      const alarms = new Map(
        zone.resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ p }) => [p.AlarmName, p]),
      );
      for (const { p } of zone.resources.filter(({ type }) => type === 'AWS::CodeDeploy::DeploymentGroup')) {
        const names = p.AlarmConfiguration.Alarms.map(({ Name }: { Name: string }) => Name);
        expect(names.length).toBeGreaterThan(1);
        expect(names.length).toBeLessThanOrEqual(10);
        for (const name of names) {
          const { Metrics, EvaluationPeriods } = alarms.get(name);
          const seconds = Math.max(
            ...Metrics.map((each: Record<string, { Period: number }>) => each.MetricStat?.Period ?? 0),
          );
          expect(seconds * EvaluationPeriods, name).toBeGreaterThan(0);
          expect(seconds * EvaluationPeriods, name).toBeLessThan(trafficShift.minutes * 60);
        }
      }
    }
  });

  test('leave out one that would go off too late: all requests meet the new version by then', () => {
    expect(functions.processor_webhooks.failureAlarm).toMatchObject({ periodMinutes: 5, periods: 2 });
    expect(alarmsJudging('processor_webhooks')).not.toContain('processor_webhooks-failing');
    expect(alarmsJudging('authorizer')).toContain('authorizer-failing');
    expect(goesOffInTime({ periods: 1, periodMinutes: trafficShift.minutes })).toBe(false);
  });

  test('do not take the errors of an authorizer for failures: it refuses by them', () => {
    expect(alarmsJudging('authorizer')).not.toContain('functions-failing.authorizer');
    expect(alarmsJudging('money')).toContain('functions-failing.money');
  });
});

const [{ production, development }, ...none] = [referenceConfig.stages];
if (production === undefined || development === undefined || none.length > 0) throw new Error('stages are missing');
const one = (change: Partial<Config> = {}, stage: Partial<typeof production> = {}): Config =>
  configure({ ...referenceConfig, ...change, stages: { production: { ...production, zones: { us: {} }, ...stage } } });

/** What a synthesis of one zone gives for its home. */
function synthesis(config: Config, more: { readonly atOnce?: string } = {}): ZoneTemplates {
  const outdir = mkdtempSync(join(folder, 'cdk-'));
  unvalidated(() => buildApp(config, { outdir, today: '2026-12-01', ...more }).synth());
  return only(readAssembly(outdir).filter(({ id }) => id === 'production-us'));
}

const template = (zone: ZoneTemplates, stack: string) => zone.stacks.get(stack)?.template;
const versions = (zone: ZoneTemplates): Map<string, string> =>
  new Map(
    zone.resources
      .filter(({ type }) => type === 'AWS::Lambda::Version')
      .map(({ p, logicalId }) => [p.FunctionName, logicalId]),
  );
/** Functions whose published version is another one. */
const renewed = (before: ZoneTemplates, after: ZoneTemplates): string[] =>
  [...versions(after)].filter(([name, id]) => versions(before).get(name) !== id).map(([name]) => name);
const plain = synthesis(one());

describe('a published version', () => {
  test('is the same when the same is synthesized again', () => {
    expect(template(synthesis(one()), 'functions')).toEqual(template(plain, 'functions'));
  });

  test('is new where an address changes that stands in a parameter, which no property of the function shows', () => {
    const other = synthesis(one({ testProcessorUrl: 'https://test.example.com' }));
    const having = plain.resources.filter(
      ({ type, name, p }) =>
        type === 'AWS::Lambda::Function' &&
        answering.some((each) => name === `functions/${each}`) &&
        variables.testProcessorUrl in p.Environment.Variables,
    );
    expect(having.length).toBeGreaterThan(0);
    expect(having.length).toBeLessThan(answering.length);
    // Of the others Lambda would refuse to publish one: it would be like the one before.
    expect(renewed(plain, other).sort()).toEqual(having.map(({ name }) => name).sort());
  });

  test('is not new where nothing of the function changes, though its stack does', () => {
    const contacts = { ...referenceConfig.contacts, operations: 'others@example.com' };
    expect(renewed(plain, synthesis(one({ contacts })))).toEqual([]);
  });

  test('goes with its release: CloudFormation deletes the one before, when the alias has left it', () => {
    for (const zone of synthesized().zones)
      for (const [, version] of resourcesIn(zone.functions, 'AWS::Lambda::Version'))
        expect([version.DeletionPolicy, version.UpdateReplacePolicy]).toEqual(['Delete', 'Delete']);
  });
});

describe('a deployment at once', () => {
  test('leaves the moving to CloudFormation, and changes nothing else', () => {
    const atOnce = synthesis(one(), { atOnce: 'production' });
    const moved = plain.resources.filter(({ updatePolicy }) => updatePolicy !== undefined);
    expect(moved).toHaveLength(answering.length);
    expect(atOnce.resources.filter(({ updatePolicy }) => updatePolicy !== undefined)).toEqual([]);
    const without = (zone: ZoneTemplates) =>
      zone.resources.map(({ updatePolicy: _, templateFile: __, ...rest }) => rest);
    expect(without(atOnce)).toEqual(without(plain));
  });

  test('is of the stage that is named, and a stage that is not there is refused', () => {
    expect(synthesis(one(), { atOnce: 'development' }).resources.some(({ updatePolicy }) => updatePolicy)).toBe(true);
    expect(stageAtOnce(referenceConfig, 'sandbox')).toBe('sandbox');
    expect(stageAtOnce(referenceConfig, undefined)).toBeUndefined();
    expect(() => stageAtOnce(referenceConfig, 'prod')).toThrow(ConfigError);
  });
});
