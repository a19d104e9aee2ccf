// What a restore does, in which order, and that it brings no destroyed key back.

import { describe, expect, test } from 'vitest';
import { pointOf } from '../../cli/restore/command.ts';
import { commandsOf, restorePlan, stepsOf } from '../../cli/restore/plan.ts';
import { tables } from '../../contract/capabilities.ts';
import { configure } from '../../lib/config.ts';
import { homeOf } from '../../lib/derive/names.ts';
import { referenceConfig } from '../../lib/reference_config.ts';

const production = referenceConfig.stages.production;
if (production === undefined) throw new Error('production is missing');
const at = new Date('2027-01-31T09:30:00Z');
const plan = restorePlan(homeOf('production', production, 'us'), at);
const steps = stepsOf(plan);
const commands = steps.flatMap((step) => commandsOf(step, 'us-east-1'));
const restores = commands.filter((command) => command.includes('restore-table-to-point-in-time'));
const of = (table: string): string =>
  restores.find((command) => command.includes(`--source-table-name strongroom-production-us-${table} `)) ?? '';

describe('the point in time', () => {
  const now = new Date('2027-02-01T00:00:00Z');

  test('[BCK-1] is read as it is written, in any zone of time, a leap day included', () => {
    for (const text of ['2027-01-31T09:30:00Z', '2027-01-31T10:30:00+01:00', '2027-01-31T09:30:00.000Z'])
      expect(pointOf(text, now), text).toEqual(at);
    expect(pointOf('2024-02-29T00:30:00+01:00', now)).toEqual(new Date('2024-02-28T23:30:00Z'));
  });

  test.each([
    ['a day that there is none of', '2026-11-31T09:30:00Z', /there is no day 2026-11-31/],
    ['the 29th of a February without one', '2026-02-29T09:30:00Z', /there is no day 2026-02-29/],
    ['what has not been yet', '2027-02-01T00:00:01Z', /has not been yet/],
    ['a time without its zone', '2027-01-31T09:30:00', /takes a time such as/],
    ['a date', '2027-01-31', /takes a time such as/],
    ['nothing', undefined, /takes a time such as/],
  ])('%s is refused', (_, text, words) => {
    expect(() => pointOf(text, now)).toThrow(words);
  });
});

describe('a restore', () => {
  test('[DSR-2] takes keys from the newest point there is, so that no destroyed key comes back', () => {
    for (const name of ['subject_keys', 'data_keys']) {
      expect(of(name), name).toContain('--use-latest-restorable-time');
      expect(of(name), name).not.toContain('--restore-date-time');
    }
  });

  test('[AUD-1] takes the trail from the newest point there is: what happened stays on record', () => {
    for (const name of ['audit', 'events']) expect(of(name), name).toContain('--use-latest-restorable-time');
  });

  test('[BCK-1] takes every other table from the one point in time, under the data key', () => {
    const newest = ['subject_keys', 'data_keys', 'audit', 'events'];
    const names = Object.keys(tables).filter((name) => ![...newest, 'writer'].includes(name));
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) expect(of(name), name).toContain('--restore-date-time 2027-01-31T09:30:00.000Z');
    for (const command of restores) expect(command).toContain('KMSMasterKeyId=alias/strongroom-production-us-data');
    expect(restores).toHaveLength(names.length + newest.length);
  });

  test('[BCK-1] restores no lease: one of another time names a region that may write no more', () => {
    expect(commands.join('\n')).not.toMatch(/-writer\b/);
  });

  test('[BCK-1] gives each table what a restore leaves out, and its days of recovery', () => {
    for (const [name, { recoveryDays }] of Object.entries(tables).filter(([each]) => each !== 'writer')) {
      const table = plan.tableNames[name] ?? '';
      const settings = commands.filter((command) => command.includes(`--table-name ${table} `));
      expect(settings.join('\n')).toContain(`RecoveryPeriodInDays=${recoveryDays}`);
      expect(settings.join('\n')).toContain('AttributeName=expires_at_s');
      expect(settings.join('\n')).toContain('"RegionName":"us-west-2"');
    }
  });

  test('names tables that the configuration takes, and that a second restore names anew', () => {
    const { us } = production.zones;
    const zones = { us: { ...us, tableNames: plan.tableNames } };
    const config = configure({ ...referenceConfig, stages: { production: { ...production, zones } } } as never);
    const stage = config.stages.production;
    if (stage === undefined) throw new Error('production is missing');
    const again = restorePlan(homeOf('production', stage, 'us'), new Date('2027-02-01T00:00:00Z'));
    expect(again.tableNames.payments).toBe('strongroom-production-us-payments-restored-20270201T000000');
    expect(commandsOf(again.restore, 'us-east-1').join('\n')).toContain(
      '--source-table-name strongroom-production-us-payments-restored-20270131T093000',
    );
  });
});
