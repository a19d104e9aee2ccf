// The two profiles, as their templates are: a sandbox has nothing that is paid for by the hour and may do nothing more than
// production's functions may; production has all.

import { describe, expect, test } from 'vitest';
import { type FunctionName, type FunctionRow, functions, queues } from '../../contract/capabilities.ts';
import { backupLimits } from '../../contract/kernel/limits.ts';
import { zones as geography } from '../../contract/kernel/zones.ts';
import { readAssembly as readStacks } from '../../lib/cloud_assembly.ts';
import { isPromised, type RuleContext } from '../../lib/compliance/rule.ts';
import { rules } from '../../lib/compliance/strongroom_pack.ts';
import { configure } from '../../lib/config.ts';
import { idleCost, idleTotal } from '../../lib/costs/idle.ts';
import { requiredConcurrency, unreservedInstances } from '../../lib/derive/concurrency.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { givenUp, newAccountInstances, profiles } from '../../lib/derive/profile.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import type { Resource } from '../../lib/evidence/template.ts';
import { notesOn } from '../../lib/notes.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { functionOf, inFunctionStacks, lambdas } from './functions_of.ts';
import { cdkOut, notInSandbox, ofType, only, stackNames, synthesized, type Zone } from './templates.ts';

const { sandbox, zones } = synthesized();
const production = only(zones.filter(({ stage, zone }) => stage === 'production' && zone === sandbox.zone));
const rows = Object.entries(functions) as [FunctionName, FunctionRow][];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const typesOf = (zone: Zone): string[] =>
  stackNames.flatMap((name) => Object.values(zone[name].Resources).map(({ Type }) => Type));

const assembly = readAssembly(cdkOut);

const contextOf = (zone: Zone): RuleContext => {
  const { stage } = zone;
  const stageConfig = referenceConfig.stages[stage];
  if (stageConfig === undefined) throw new Error(`no stage ${stage}`);
  return {
    ...only(assembly.filter(({ id }) => id === `${stage}-${zone.zone}`)),
    deployment: homeOf(stage, stageConfig, zone.zone),
    locked: stageConfig.data === 'locked',
    mailbox: referenceConfig.contacts.operations,
  };
};

/** A key policy without what a second region adds, which no sandbox has. */
const inOneRegion = ({ Statement }: Resource['p']): Resource['p'] =>
  Statement.filter(({ Sid }: Resource['p']) => !/InsideTheZone$/.test(Sid));

/** What a function's role may do, as text without the names of stage and profile. */
const grants = (zone: Zone, name: FunctionName): string[] => {
  const role = only(
    contextOf(zone).resources.filter(
      ({ type, p }) =>
        type === 'AWS::IAM::Role' && new RegExp(`^strongroom-${zone.stage}-[a-z0-9-]+-${name}$`).test(p.RoleName),
    ),
  );
  return role.p.Policies.flatMap(({ PolicyDocument }: Resource['p']) => PolicyDocument.Statement).map((each: object) =>
    JSON.stringify(each).replaceAll(`strongroom-${zone.stage}-`, 'strongroom-').replaceAll(`/${zone.stage}/`, '/'),
  );
};

describe('a sandbox', () => {
  test('[HST-2] has no network, no web ACL and no function in a VPC', () => {
    expect(typesOf(sandbox).filter((type) => /^AWS::(EC2|WAFv2)::/.test(type))).toEqual([]);
    expect(lambdas(sandbox)).toHaveLength(rows.length);
    for (const { properties } of lambdas(sandbox)) expect(properties.VpcConfig).toBeUndefined();
  });

  test('[IAM-1] may do what production may, function by function, and nothing of EC2', () => {
    for (const [name] of rows) {
      const ours = grants(sandbox, name);
      const theirs = grants(production, name);
      expect(ours, name).toEqual(theirs.filter((statement) => !statement.includes('"ec2:')));
      expect(theirs.length - ours.length, name).toBe(3);
    }
  });

  test('[ENC-1] has the keys of production, with the same users', () => {
    const keys = (zone: Zone): string[] =>
      contextOf(zone)
        .resources.filter(({ type }) => type === 'AWS::KMS::Key')
        .map(({ name, p }) =>
          JSON.stringify([name, p.EnableKeyRotation, p.RotationPeriodInDays, inOneRegion(p.KeyPolicy)])
            // What is not backed up needs no key for it.
            .replaceAll(/,\{"Action":"kms:RetireGrant".*?"Sid":"RetireThroughBackup"\}/g, '')
            .replaceAll(/,"backup\.[a-z0-9-]+\.amazonaws\.com"/g, '')
            .replaceAll(/"[^"]*aws-waf-logs[^"]*",?/g, '')
            .replaceAll(`strongroom-${zone.stage}-`, 'strongroom-')
            .replaceAll(`/${zone.stage}/`, '/')
            .replaceAll(/\["([^"]*\*)",?\]/g, '"$1"'),
        );
    expect(keys(sandbox)).toEqual(keys(production));
    expect(keys(sandbox).length).toBeGreaterThan(3);
  });

  test('[HST-2] breaks a rule when a part comes back that it goes without', () => {
    const zone = contextOf(sandbox);
    for (const [id, type] of [
      ['Strongroom-PRO1', 'AWS::EC2::NatGateway'],
      ['Strongroom-PRO1', 'AWS::EC2::VPCEndpoint'],
      ['Strongroom-PRO2', 'AWS::WAFv2::WebACL'],
    ]) {
      const rule = only(rules.filter((each) => each.id === id));
      expect(rule.types).toContain(type);
      const resource = { ...only(zone.resources.slice(0, 1)), type, p: {} } as Resource;
      expect(rule.check(resource, zone)).not.toEqual([]);
      expect(rule.check(resource, contextOf(production))).toEqual([]);
    }
    const inVpc = { ...lambdas(sandbox)[0]?.properties, VpcConfig: { SubnetIds: ['network/x'] } };
    const lam1 = only(rules.filter((each) => each.id === 'Strongroom-LAM1'));
    expect(lam1.check({ ...only(zone.resources.slice(0, 1)), p: inVpc }, zone)).not.toEqual([]);
  });

  test('[HST-3] fits an account that is new: it reserves nothing, and its callers, queues and schedules need no more instances', () => {
    for (const { properties } of lambdas(sandbox)) {
      expect(properties.ReservedConcurrentExecutions).toBeUndefined();
      // Functions of a new account can have no more (awslabs/genai-bedrock-agent-chatbot #4, read 2026-12-01).
      expect(properties.MemorySize).toBeLessThanOrEqual(3008);
    }
    const [, stage] = only(ofType(sandbox.api, 'AWS::ApiGateway::Stage'));
    const bursts = stage.Properties.MethodSettings.map((each: Resource['p']) => each.ThrottlingBurstLimit);
    const queued = inFunctionStacks(sandbox, 'AWS::Lambda::EventSourceMapping').flatMap(
      ({ properties }) => properties.ScalingConfig?.MaximumConcurrency ?? [],
    );
    expect(queued).toHaveLength(Object.keys(queues).length);
    const schedules = inFunctionStacks(sandbox, 'AWS::Scheduler::Schedule').length;
    const together = Math.max(...bursts) + queued.reduce((sum, each) => sum + each, 0) + schedules;
    expect(together).toBeLessThanOrEqual(newAccountInstances);
    // A person and what follows from one request.
    expect(Math.min(...bursts)).toBeGreaterThanOrEqual(2);
    expect(requiredConcurrency(contextOf(sandbox).deployment)).toBe(newAccountInstances);
  });

  test('costs at most $15 a month while nobody uses it, whichever zone it is', () => {
    const stacks = readStacks(cdkOut).filter(({ group }) => group === `${sandbox.stage}-${sandbox.zone}`);
    expect(stacks.length).toBe(stackNames.length - notInSandbox.length);
    for (const { home } of Object.values(geography)) {
      const { dollars } = idleTotal(idleCost(stacks.map((stack) => ({ ...stack, region: home }))));
      expect(dollars, home).toBeLessThanOrEqual(15);
      expect(dollars, home).toBeGreaterThan(5);
    }
  });

  test('[SLO-2] has the alarms that its profile names, each of which production has too', () => {
    const names = (zone: Zone): string[] =>
      ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
        .flatMap((type) => ofType(zone.watch, type))
        .map(([, { Properties }]) => Properties.AlarmName.slice(`strongroom-${zone.stage}-${zone.zone}-`.length))
        .filter((name) => !name.includes('.'));
    expect(names(sandbox).sort()).toEqual([...(profiles.sandbox.alarms as string[])].sort());
    for (const name of names(sandbox)) expect(names(production)).toContain(name);
  });

  test('[AUD-4] keeps logs for the days of its profile, production for a year', () => {
    for (const [zone, days] of [
      [sandbox, profiles.sandbox.logDays],
      [production, 365],
    ] as const) {
      const groups = contextOf(zone).resources.filter(({ type }) => type === 'AWS::Logs::LogGroup');
      expect(groups.length).toBeGreaterThan(20);
      // The record of backups is there for longer.
      for (const { name, p } of groups) {
        expect(p.RetentionInDays).toBe(name === 'recovery/record' ? backupLimits.recordDays : days);
      }
    }
  });
});

describe('production', () => {
  test('[NET-1] [NET-2] [NET-4] keeps every part that the sandbox goes without', () => {
    const types = typesOf(production);
    for (const type of ['EC2::VPC', 'EC2::NatGateway', 'EC2::VPCEndpoint', 'EC2::EIP', 'EC2::FlowLog', 'WAFv2::WebACL'])
      expect(types).toContain(`AWS::${type}`);
    for (const { properties } of lambdas(production)) expect(properties.VpcConfig.SubnetIds).toHaveLength(2);
    for (const { promises } of givenUp) {
      for (const promise of promises) {
        expect(isPromised(contextOf(production), promise), promise).toBe(true);
        expect(isPromised(contextOf(sandbox), promise), promise).toBe(false);
      }
    }
  });

  test('[HST-3] reserves what its rows say, and says which quota it needs for that', () => {
    const reserved = rows.map(([name]) => functionOf(production, name).properties.ReservedConcurrentExecutions ?? 0);
    const sum = reserved.reduce((before, each) => before + each, 0);
    expect(requiredConcurrency(contextOf(production).deployment)).toBe(sum + unreservedInstances);
    expect(sum).toBeGreaterThan(newAccountInstances);
  });
});

describe('the configuration', () => {
  const of = (stage: object) => () => configure({ ...referenceConfig, stages: { trial: stage } } as never);

  test('[HST-2] says of a sandbox what it gives up, and of every other stage which quota it needs', () => {
    const [note, ...others] = notesOn(of({ profile: 'sandbox', data: 'disposable', zones: { us: {} } })());
    for (const { part, loses } of givenUp) expect(note).toMatch(new RegExp(`${escaped(part)} \\(.*${escaped(loses)}`));
    expect(others).toEqual([expect.stringContaining('contacts.operations')]);
    for (const data of ['locked', 'disposable']) {
      const [quota] = notesOn(of({ data, zones: { us: {} } })());
      const needed = requiredConcurrency(contextOf(production).deployment);
      expect(quota).toContain(
        `Stage trial reserves instances of Lambda: each of its regions needs a quota of ${needed}`,
      );
    }
  });

  test('a stage that names no profile is production', () => {
    expect(of({ data: 'locked', zones: { us: {} } })().stages.trial?.profile).toBe('production');
  });

  test('[HST-1] a locked stage is no sandbox, and is told why', () => {
    expect(of({ profile: 'sandbox', data: 'locked', zones: { us: {} } })).toThrow(
      /stages\.trial\.profile: is 'sandbox', which has no network .*: write 'production'/,
    );
  });

  test('a sandbox has one zone', () => {
    expect(of({ profile: 'sandbox', data: 'disposable', zones: { us: {}, eu: {} } })).toThrow(
      'stages.trial.zones.eu: a sandbox has one zone, and this one has us: each costs as much again',
    );
  });
});
