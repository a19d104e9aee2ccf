// `strongroom secrets`: what it shows of secrets, in AWS and on this machine, and that it never shows a value.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { secretsCommand } from '../../cli/secrets/command.ts';
import { isLate, linesOf, type SecretStatus } from '../../cli/secrets/secret_status.ts';
import { createAwsEndpoint } from '../../local/endpoint/server.ts';
import { listen } from '../../local/host/ports.ts';
import { createPrincipals } from '../../local/iam/principals.ts';
import { createSecretsManager } from '../../local/secretsmanager/secrets_manager.ts';
import { HeldSecret } from '../../local/secretsmanager/store.ts';
import { runCommand } from '../e2e/command.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2027, 0, 31);
const secret: SecretStatus = {
  name: 'peppers',
  current: '1',
  versions: ['1'],
  createdAt: now - 30 * dayMs,
  rotatedAt: null,
  days: 90,
  dueAt: now + 60 * dayMs,
  pending: false,
};

describe('[SEC-1] strongroom secrets', () => {
  it('shows each version with its age, the period and the next due date', () => {
    expect(linesOf(secret, now)).toEqual([
      'peppers: every 90 days, made 2027-01-01, not rotated yet, next due 2027-04-01',
      '  1           30 days old  current',
    ]);
  });

  it('shows what is late: what is due, and what nothing rotates', () => {
    expect(isLate(secret, now)).toBe(false);
    expect(isLate({ ...secret, dueAt: now - 1 }, now)).toBe(true);
    expect(isLate({ ...secret, dueAt: null }, now)).toBe(true);
    expect(isLate({ ...secret, days: null }, now)).toBe(true);
    expect(linesOf({ ...secret, dueAt: now - 1, pending: true }, now)[0]).toMatch(/a rotation is not complete LATE$/);
  });

  it.each([
    [['rotate'], /Which secret\? peppers, digests/],
    [['rotate', 'pepper'], /There is no secret pepper/],
    [['rotate', 'constructor'], /There is no secret constructor/],
    [['status', 'peppers'], /Unknown word: peppers/],
    [['rotate', 'peppers', 'digests'], /Unknown word: digests/],
    [['reveal', 'peppers'], /Unknown command: secrets reveal/],
    [['status', '--value'], /--value/],
    [['status', '--zone', 'mars'], /There is no zone mars/],
    [['status', '--stage', 'production'], /--zone is missing/],
    [['status', '--stage', 'constructor', '--zone', 'us'], /no stage constructor/],
    [['status', '--stage', 'production', '--zone', 'us', '--state', 'x'], /give one of them/],
    [['status', '--state', '/nowhere'], /no local cloud in \/nowhere/],
  ])('%j is refused', async (args, words) => {
    await expect(secretsCommand(args)).rejects.toThrow(words);
  });

  it('asks Secrets Manager for a zone of a stage, rotates there, and prints no value', async () => {
    const values = [1, 2].map(() => randomBytes(32).toString('hex'));
    const held = ['peppers', 'digests'].map(
      (name, at) =>
        new HeldSecret(
          {
            arn: `arn:aws:secretsmanager:eu-west-1:000000000000:secret:strongroom-production-eu-${name}-abc123`,
            name: `strongroom-production-eu-${name}`,
            versionId: 'first',
            value: JSON.stringify({ current: '1', 1: values[at] }),
            createdAt: Math.floor(Date.now() / 1000) - (name === 'digests' ? 100 : 1) * 86_400,
          },
          { functionArn: 'rotator', days: 90 },
          undefined,
          () => Math.floor(Date.now() / 1000),
        ),
    );
    const principals = createPrincipals();
    const { accessKeyId, secretAccessKey, sessionToken } = principals.admit({
      kind: 'deployer',
      arn: 'arn:aws:iam::0:role/x',
    });
    const aws = createAwsEndpoint({ principals, authorize: () => {}, warn: () => {} });
    const rotated = randomBytes(32).toString('hex');
    const service = createSecretsManager(held, {
      rotate(secret) {
        const id = secret.pending?.id ?? '';
        secret.put(id, JSON.stringify({ current: '2222222222', 1: values[0], 2222222222: rotated }), []);
        secret.move('AWSCURRENT', 'first', id);
        secret.rotated();
      },
    });
    aws.open('eu-west-1', { secretsmanager: service });
    const endpoint = `http://127.0.0.1:${await listen(aws.server, { what: 'the test' })}`;
    const before = { ...process.env };
    Object.assign(process.env, {
      STRONGROOM_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    });
    try {
      const zone = ['--stage', 'production', '--zone', 'eu'];
      const status = runCommand('secrets', 'status', ...zone);
      // The digests are late.
      expect(await status.ended).toBe(1);
      expect(status.output()).toMatch(/^peppers: every 90 days/m);
      expect(status.output()).toMatch(/^digests: .* LATE$/m);
      const rotate = runCommand('secrets', 'rotate', 'peppers', ...zone);
      expect(await rotate.ended).toBe(0);
      expect(rotate.output()).toMatch(/^ {2}2222222222 .* current$/m);
      const said = [status, rotate].map((run) => run.output() + run.errors()).join();
      for (const value of [...values, rotated]) expect(said).not.toContain(value);
    } finally {
      for (const name of ['STRONGROOM_ENDPOINT', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
        before[name] === undefined ? delete process.env[name] : Object.assign(process.env, { [name]: before[name] });
      aws.server.closeAllConnections();
      aws.server.close();
    }
  });
});
