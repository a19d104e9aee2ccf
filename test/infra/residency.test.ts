// Nothing leaves a zone, and whatever would is found with its exact place: the proof itself, over templates into which one way out was
// put each.

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
