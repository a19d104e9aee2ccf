// The configuration: a mistake is named with its place, before anything is synthesized.

import { describe, expect, test } from 'vitest';
import { type ConfigInput, configure } from '../../lib/config.ts';
import real from '../../strongroom.config.ts';

const account = '111122223333';
const change = (stages: unknown): ConfigInput => ({ ...real, stages: stages as ConfigInput['stages'] });

describe('the configuration', () => {
  test('may leave out accounts and domains', () => {
    expect(() => configure(change({ live: { data: 'locked', zones: { apac: {} } } }))).not.toThrow();
  });

  test.each([
    [
      'an account that is no account',
      { live: { data: 'locked', zones: { us: { account: 12 } } } },
      'stages.live.zones.us.account: is an AWS account id',
    ],
    [
      'an unknown zone',
      { live: { data: 'locked', zones: { mars: {} } } },
      'stages.live.zones.mars: is keyed by zones: us, eu, apac',
    ],
    ['no zone', { live: { data: 'locked', zones: {} } }, 'stages.live.zones: holds at least one zone'],
    [
      'another kind of data',
      { live: { data: 'open', zones: { us: {} } } },
      "stages.live.data: is 'locked' or 'disposable'",
    ],
    [
      'an unknown table',
      { live: { data: 'locked', zones: { us: { tableNames: { paymets: 'restored' } } } } },
      'stages.live.zones.us.tableNames.paymets',
    ],
    [
      'an unknown option',
      { live: { data: 'locked', zones: { us: { acount: account } } } },
      'stages.live.zones.us.acount',
    ],
    [
      'a stage that no name can hold',
      { 'pre-live': { data: 'locked', zones: { us: {} } } },
      'stages.pre-live: is keyed by stages',
    ],
    [
      'a domain without a certificate',
      { live: { data: 'locked', domain: 'example.com', zones: { us: {} } } },
      'stages.live.zones.us.certificateArn: is needed',
    ],
  ])('names %s and its place', (_, stages, message) => {
    expect(() => configure(change(stages))).toThrow(message);
  });

  test('[HST-1] a locked stage shares its accounts with no other stage', () => {
    const stages = (data: string) => ({
      live: { data, zones: { us: { account } } },
      trial: { data: 'disposable', zones: { eu: { account } } },
    });
    expect(() => configure(change(stages('locked')))).toThrow(
      'stages.trial.zones.eu.account: is used by stage live too',
    );
    expect(() => configure(change(stages('disposable')))).not.toThrow();
  });
});
