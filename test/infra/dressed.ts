// A stage that has all that the real configuration leaves out: an account, a domain, a restored table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../lib/app.ts';
import { type ConfigInput, configure } from '../../lib/config.ts';
import real from '../../strongroom.config.ts';
import { readZones, type Zone } from './templates.ts';
import { unvalidated } from './unvalidated.ts';

const today = '2026-11-21';

const dressed: ConfigInput = {
  ...real,
  stages: {
    live: {
      data: 'locked',
      domain: 'pay.example.com',
      zones: {
        eu: {
          account: '111122223333',
          certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
          tableNames: { payments: 'strongroom-live-eu-payments-restored-20270101' },
        },
      },
    },
  },
};

/** Fails where a rule of any pack, or AWS's validator unless it is off, has something to say. */
export function synthesizeDressed(): readonly Zone[] {
  const outdir = mkdtempSync(join(tmpdir(), 'strongroom-infra-'));
  buildApp(configure(dressed), { outdir, today }).synth();
  const zones = readZones(outdir);
  rmSync(outdir, { recursive: true });
  return zones;
}

let once: readonly Zone[] | undefined;

/** For those who look at the templates alone; the validator reads these in synthesis.test.ts. */
export function dressedZones(): readonly Zone[] {
  once ??= unvalidated(synthesizeDressed);
  return once;
}
