// That nothing depends on who synthesizes, or when: the CDK CLI, in a process of its own that bundles the functions anew,
// writes the bytes that the app itself wrote. Here AWS's own validator judges every template too.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../../contract/capabilities.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { deployed, textIn } from '../../test/kit/deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-synthesis-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = (command: string, ...args: string[]): void => {
  const { CDK_VALIDATION: _, ...env } = process.env;
  execFileSync(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
};

describe('the cloud assembly', () => {
  const byCli = join(folder, 'cli');
  const byApp = join(folder, 'app');
  beforeAll(async () => {
    execFileSync(process.execPath, ['bin/app.ts'], {
      env: { ...process.env, CDK_OUTDIR: byApp, CDK_VALIDATION: 'false' },
    });
    runs('cdk', 'synth', '-q', '-o', byCli, '**');
  });

  test('[HST-2] has the same bytes whether the CDK CLI or the app itself writes it', () => {
    expect(deployed(byCli)).toEqual(deployed(byApp));
    for (const name of deployed(byCli)) expect(textIn(byCli, name) === textIn(byApp, name), name).toBe(true);
  });

  test('holds the same bundle of each function twice', () => {
    const bundles = (outdir: string): string[] => deployed(outdir).filter((name) => name.startsWith('asset.'));
    expect(bundles(byCli)).toHaveLength(Object.keys(functions).length);
    expect(bundles(byCli)).toEqual(bundles(byApp));
  });

  test('[HST-2] exceptions and AWS’s own rules hold with a real account, a domain and a restored table too', () => {
    const dressed = join(folder, 'dressed');
    runs(process.execPath, 'test/kit/synthesize_dressed.ts', dressed);
    expect(readAssembly(dressed).map(({ region }) => region)).toEqual(['eu-west-1', 'eu-central-1']);
  });
});
