// What holds for all templates together: where things live and what they share. That nothing depends on who synthesizes is
// shown in proof/synthesis.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { zones as geography, zoneNames } from '../../contract/kernel/zones.ts';
import { buildApp } from '../../lib/app.ts';
import { exceptions } from '../../lib/compliance/exceptions.ts';
import { type ConfigInput, configure } from '../../lib/config.ts';
import { referenceConfig } from '../../lib/reference_config.ts';
import { deployed, textIn } from '../kit/deployed.ts';
import { dressedZones } from './dressed.ts';
import { ofType, only, stackNames, synthesized, type Zone } from './templates.ts';

const app = synthesized();

const stacksOf = (zone: Zone) => stackNames.map((name) => zone[name]);
const textOf = (zone: Zone): string => JSON.stringify(stacksOf(zone));

describe('the cloud assembly', () => {
  test('asks AWS nothing: there is no account, no look-up and no missing context', () => {
    for (const name of deployed(app.outdir)) {
      if (name.endsWith('manifest.json')) expect(JSON.parse(textIn(app.outdir, name)).missing, name).toBeUndefined();
    }
    expect(app.every.map((zone) => textOf(zone)).join()).not.toMatch(/\b\d{12}\b/);
  });

  test('holds every zone of every stage of the configuration, and no other', () => {
    const expected = Object.entries(referenceConfig.stages).flatMap(([stage, { zones }]) =>
      Object.keys(zones).map((zone) => `${stage} ${zone}`),
    );
    expect(app.every.map(({ stage, zone }) => `${stage} ${zone}`).sort()).toEqual(expected.sort());
    expect(expected).toEqual(expect.arrayContaining(['development us', 'development eu', 'production us']));
  });

  test('a stack refers to stacks that are deployed before it, and holds none of them fast by an export', () => {
    for (const zone of app.every) {
      for (const [index, name] of stackNames.entries()) {
        const text = JSON.stringify(zone[name]);
        const earlier = stackNames.slice(0, index).map((other) => `strongroom-${zone.stage}-${zone.zone}-${other}`);
        for (const [, other] of text.matchAll(/"Fn::GetStackOutput":\{"StackName":"([\w-]+)"/g)) {
          expect(earlier, name).toContain(other);
        }
        expect(text, name).not.toMatch(/"Fn::ImportValue"|"Export":/);
      }
    }
  });

  test('the functions are deployed before the API, which refers to them by name', () => {
    for (const { stage, zone } of app.every) {
      const { artifacts } = JSON.parse(textIn(app.outdir, `assembly-${stage}-${zone}/manifest.json`));
      const idOf = (name: string): string =>
        Object.keys(artifacts).find(
          (id) => artifacts[id].properties?.stackName === `strongroom-${stage}-${zone}-${name}`,
        ) ?? '';
      expect(artifacts[idOf('api')].dependencies).toContain(idOf('functions'));
      expect(artifacts[idOf('watch')].dependencies).toEqual(expect.arrayContaining([idOf('functions'), idOf('api')]));
    }
  });

  test('stays below 400 resources per stack, of the 500 that CloudFormation takes', () => {
    for (const stack of app.every.flatMap(stacksOf)) expect(Object.keys(stack.Resources).length).toBeLessThan(400);
  });
});

describe('a folder that holds an older assembly', () => {
  test('[HST-1] is emptied first: a stage that the configuration no longer has is gone, what is locked stays', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'strongroom-stale-'));
    const build = (stages: ConfigInput['stages']): void => {
      buildApp(configure({ ...referenceConfig, stages }), { outdir, today: '2026-11-21' });
    };
    try {
      writeFileSync(join(outdir, 'manifest.json'), '{}');
      mkdirSync(join(outdir, 'assembly-removed-us'));
      mkdirSync(join(outdir, 'asset.0123'));
      writeFileSync(join(outdir, 'read.1.1.lock'), '');
      build({ live: { data: 'disposable', zones: { us: {} } } });
      expect(readdirSync(outdir)).toContain('read.1.1.lock');
      for (const stale of ['assembly-removed-us', 'asset.0123']) expect(readdirSync(outdir)).not.toContain(stale);
      // What is no assembly belongs to somebody else.
      writeFileSync(join(outdir, 'letter.txt'), '');
      build({ live: { data: 'disposable', zones: { us: {} } } });
      expect(readdirSync(outdir)).toContain('letter.txt');
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

describe('residency and segmentation', () => {
  test('[RES-2] nothing in a zone names a region or a resource of another zone', () => {
    for (const zone of app.every) {
      for (const other of zoneNames.filter((name) => name !== zone.zone)) {
        expect(textOf(zone)).not.toContain(geography[other].home);
        expect(textOf(zone)).not.toContain(geography[other].second);
        expect(textOf(zone)).not.toContain(`strongroom-${zone.stage}-${other}`);
      }
    }
  });

  test('[HST-1] stages share no table, queue, key, secret, role, function or log group', () => {
    for (const zone of app.every) {
      for (const other of Object.keys(referenceConfig.stages).filter((name) => name !== zone.stage)) {
        expect(textOf(zone)).not.toContain(`strongroom-${other}-`);
        expect(textOf(zone)).not.toContain(`/strongroom/${other}/`);
      }
    }
  });

  test('no two zones give two things one name, so that they could share an account', () => {
    const named = [
      'TableName',
      'AliasName',
      'RoleName',
      'FunctionName',
      'LogGroupName',
      'QueueName',
      'Name',
      'ApplicationName',
    ];
    const within = [
      ...['AWS::ApiGateway::Authorizer', 'AWS::ApiGateway::ApiKey', 'AWS::Lambda::Alias', 'AWS::Logs::MetricFilter'],
    ];
    const names = app.every.flatMap(stacksOf).flatMap(({ Resources }) =>
      Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
        // An authorizer's name is known inside its API alone, an alias's inside its function, a usage key's inside its region; a
        // filter only names its log.
        named
          .filter((name) => !within.includes(Type) && typeof Properties[name] === 'string')
          .map((name) => `${Type} ${Properties[name]}`),
      ),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('compliance', () => {
  interface Finding {
    readonly acknowledgedId: string;
    readonly acknowledgedAt: string;
    readonly reason: string;
  }
  const findings = (): Finding[] =>
    JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')).pluginReports.flatMap(
      (report: { suppressedViolations?: Finding[] }) => report.suppressedViolations ?? [],
    );

  test('[HST-2] every exception is used, and stays in the report with reason, owner and expiry', () => {
    for (const row of exceptions) {
      const used = findings().filter(({ reason }) => reason.startsWith(row.reason));
      expect(used.length, `${row.id} at ${row.at}`).toBeGreaterThan(0);
      for (const { reason } of used) expect(reason).toContain(`Owner: ${row.owner}. Until ${row.expires}`);
    }
  });
});

describe('a restored table', () => {
  test('[BCK-1] takes the place of the one it stands in for, everywhere, and is another resource', () => {
    const zone = only(dressedZones());
    const restored = 'strongroom-live-eu-payments-restored-20270101';
    const tables = ofType(zone.data, 'AWS::DynamoDB::GlobalTable');
    const [logicalId] = only(tables.filter(([, { Properties }]) => Properties.TableName === restored));
    expect(app.every.flatMap(({ data }) => Object.keys(data.Resources))).not.toContain(logicalId);
    const text = JSON.stringify([zone.functions, zone.api]);
    expect(text).toContain(`table/${restored}/index/list`);
    expect(text).not.toMatch(/strongroom-live-eu-payments["/]/);
  });
});
