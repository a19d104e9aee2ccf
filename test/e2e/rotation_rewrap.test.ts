// A KMS key is rotated, what it wraps is wrapped anew by the command line, and everything dies in between: what was sealed
// before opens all the time.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewrapLimits } from '../../contract/rotation/limits.ts';
import { openState } from '../../local/storage/state.ts';
import { type Cloud, copyOfState, eventually, send, startCloud } from '../kit/cloud.ts';
import { type CommandRun, runCommand } from './command.ts';

let state: string;
let cloud: Cloud;

beforeAll(async () => {
  state = await copyOfState();
  cloud = await startCloud(state);
});
afterAll(() => cloud.stop());

const keys = async (...args: string[]): Promise<CommandRun> => {
  const run = runCommand('keys', ...args, '--state', state);
  expect([await run.ended, run.errors()]).toEqual([0, '']);
  return run;
};
const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const create = (key: string) =>
  send(cloud.ready.api.us, cloud.ready.tenants[0]?.secret_key ?? '', 'POST', '/v1/payments', { key, body });

const StoredKeys = v.record(v.string(), v.array(v.object({ material: v.string(), made_at: v.string() })));

/** Only while nothing runs: time passes since the keys were made and rotated. */
async function passes(ms: number): Promise<void> {
  const folder = await openState(state);
  const stored = (await folder.read('kms-us.json', StoredKeys)) ?? {};
  const older = (at: string): string => new Date(Date.parse(at) - ms).toISOString();
  const aged = Object.entries(stored).map(([arn, materials]) => [
    arn,
    materials.map(({ material, made_at }) => ({ material, made_at: older(made_at) })),
  ]);
  await folder.write('kms-us.json', Object.fromEntries(aged));
}

const BusLine = v.object({ 'detail-type': v.string(), detail: v.object({ fact_id: v.string() }) });

/** The facts of the certificates that were put onto the zone's bus. */
const certificatesOnTheBus = (): Set<string> => {
  const lines = readFileSync(join(state, 'bus-us.jsonl'), 'utf8').split('\n').slice(0, -1);
  const events = lines.map((line) => v.parse(BusLine, JSON.parse(line)));
  return new Set(
    events.filter((event) => event['detail-type'] === 'certificate.issued').map(({ detail }) => detail.fact_id),
  );
};

describe('[ENC-3] the rotation of a wrapping key', () => {
  it('re-wraps every data key by command, is certified, and no reply is lost by it, nor by kill -9', async () => {
    const first = await create('before');
    expect(first.status).toBe(201);
    const replays = async () => {
      const again = await create('before');
      expect([again.status, again.headers.get('Idempotent-Replayed'), again.text]).toEqual([201, 'true', first.text]);
    };
    await keys('rotate', '--key', 'tenant');
    await replays();
    await cloud.kill();
    await passes(rewrapLimits.settleMs);
    cloud = await startCloud(state);
    await replays();

    const run = await keys('rewrap', '--key', 'tenant');
    expect(run.output()).toMatch(/0 left under older material/);
    await replays();
    await cloud.kill();
    cloud = await startCloud(state);
    await replays();
    expect((await create('after')).status).toBe(201);

    const [printed] = (await keys('certificates', '--json')).json() as { certificates: Record<string, unknown>[] }[];
    expect(printed?.certificates).toEqual([expect.objectContaining({ key: 'tenant', zone: 'us', left: 0 })]);
    const [certificate] = printed?.certificates ?? [];
    expect(certificate?.records_before).toBeGreaterThan(0);
    expect(certificate?.rewrapped).toBe(certificate?.records_before);
    const again = await keys('rewrap');
    expect(again.output()).toBe('Nothing was left to re-wrap.\n');

    const [status] = (await keys('status', '--json')).json() as {
      keys: { name: string; rotatedAt: number | null; rewrap: object | null; late: string[] }[];
      secrets: { name: string; late: boolean }[];
    }[];
    expect(status?.keys.map(({ name }) => name)).toEqual(['data', 'tenant', 'pii', 'secrets']);
    expect(status?.keys[1]).toMatchObject({ rewrap: { certificate, open: null }, late: [] });
    expect(status?.secrets.map(({ name, late }) => [name, late])).toEqual([
      ['peppers', false],
      ['digests', false],
    ]);
    // At least once: what was put onto the bus just before a kill -9 is put there again after it.
    const onTheBus = await eventually(
      async () => certificatesOnTheBus(),
      ({ size }) => size > 0,
    );
    expect(onTheBus.size).toBe(1);
  });
});
