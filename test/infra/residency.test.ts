// Nothing leaves a zone, and whatever would is found with its exact place: the proof itself, over templates into which one way out was
// put each.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { residencyOf } from '../../lib/evidence/residency/residency.ts';
import type { ZoneTemplates } from '../../lib/evidence/template.ts';
import { Planting } from './planting.ts';
import { waysOut } from './plants_of_residency.ts';
import { cdkOut } from './templates.ts';

const leaving = (zone: ZoneTemplates): string[] =>
  residencyOf(zone).leaving.map(({ stack, at, path, why }) => `${stack} ${at} ${path}: ${why}`);

describe('[RES-2] residency', () => {
  test('nothing leaves any zone of any stage', () => {
    const zones = readAssembly(cdkOut);
    expect(zones.length).toBeGreaterThan(3);
    for (const zone of zones) {
      expect(leaving(zone), zone.id).toEqual([]);
      expect(residencyOf(zone).texts, zone.id).toBeGreaterThan(10_000);
    }
  });

  test.each(waysOut)('is broken where $what', ({ plant, out }) => {
    const planting = new Planting();
    plant(planting);
    const found = leaving(planting.zone());
    expect(
      found.filter((line) => out.test(line)),
      found.join('\n') || 'nothing',
    ).not.toEqual([]);
  });

  test('holds where a table of both regions has its witness in the zone, and no other table', () => {
    const witnessed = (region: string, strong: readonly string[]): number => {
      const planting = new Planting();
      planting.at('data/payments').GlobalTableWitnesses = [{ Region: region }];
      return residencyOf(planting.zone(), strong).leaving.length;
    };
    const writer = 'strongroom-production-us-writer';
    const both = [writer, 'strongroom-production-us-payments'];
    expect(witnessed('us-east-2', both)).toBe(0);
    expect(witnessed('eu-west-3', both)).toBeGreaterThan(0);
    expect(witnessed('us-east-2', [writer])).toBeGreaterThan(0);
  });
});

describe('[RES-2] npm run residency', () => {
  const run = (from: string) =>
    spawnSync(process.execPath, ['proof/residency/main.ts', '--from', from], { encoding: 'utf8' });

  test('ends well where nothing leaves, and says what is where', () => {
    const { status, stdout } = run(cdkOut);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^production-eu: \d+ templates, \d+ texts, eu-west-1 and eu-central-1$/m);
    expect(stdout).toMatch(/^ +replicas of tables +\d+ +\d+/m);
    expect(stdout).toContain('nothing leaves');
  });

  test('fails with the stack, the resource and the property of what leaves', () => {
    const folder = mkdtempSync(join(tmpdir(), 'strongroom-residency-'));
    try {
      const assembly = 'assembly-production-us';
      cpSync(join(cdkOut, assembly), join(folder, assembly), { recursive: true });
      cpSync(join(cdkOut, 'manifest.json'), join(folder, 'manifest.json'));
      for (const name of readdirSync(cdkOut).filter((each) => /\.(template|metadata)\.json$/.test(each))) {
        cpSync(join(cdkOut, name), join(folder, name));
      }
      const [file = ''] = readdirSync(join(folder, assembly)).filter((name) =>
        /usrelay\w+\.template\.json$/.test(name),
      );
      const path = join(folder, assembly, file);
      writeFileSync(path, readFileSync(path, 'utf8').replace('arn:aws:sqs:us-east-1:', 'arn:aws:sqs:ap-northeast-1:'));
      const { status, stderr } = run(folder);
      expect(status).toBe(1);
      expect(stderr).toMatch(/LEAVES +us-east-1 relay \w+ [\w.]*sourceQueueArns\.0: .*ap-northeast-1/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
