// The CDK's own command line, as an engineer runs it: what fails the synthesis fails each of its commands, before anything is
// asked of AWS.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembly } from '../kit/run.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-command-line-'));
  // Its functions are bundled by then.
  await assembly();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly printed: string;
}

/** Without credentials, and without AWS's validator, which takes longer than all the rest. */
function cdk(command: readonly string[], exceptions: string): Promise<Ended> {
  const app = `${process.execPath} test/kit/synthesize_with_exceptions.ts ${exceptions}`;
  const args = [...command, '--app', app, '--output', join(folder, exceptions)];
  const { AWS_PROFILE: _, ...rest } = process.env;
  const env = {
    ...rest,
    CDK_VALIDATION: 'false',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
  return new Promise((resolve) => {
    execFile('node_modules/.bin/cdk', args, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), printed: stdout + stderr }),
    );
  });
}

const commands = { synth: ['synth', '-q', '**'], deploy: ['deploy', '--require-approval', 'never', '**'] } as const;

describe('[HST-2] the CDK command line', () => {
  test('succeeds where every exception is needed and none has expired', async () => {
    expect((await cdk(commands.synth, 'right')).code).toBe(0);
  });

  // Both commands run the same app: each rule is held by one of them.
  test.each([
    ['synth', 'expired', 'Strongroom-EXPIRED'],
    ['deploy', 'unused', 'Strongroom-UNUSED'],
  ] as const)('%s fails by an exception that is %s', async (command, exceptions, rule) => {
    const { code, printed } = await cdk(commands[command], exceptions);
    expect(code).not.toBe(0);
    expect(printed).toContain(rule);
    expect(printed).not.toMatch(/credentials/i);
  });
});
