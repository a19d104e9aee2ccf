// Platform secrets rotated under a running system: keys and idempotency go on as before, and no value reaches a log.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cloud, copyOfState, eventually, newKey, send, startCloud } from '../kit/cloud.ts';
import { runCommand } from './command.ts';

const ZoneSecrets = v.object({
  secrets: v.array(v.object({ name: v.string(), versions: v.array(v.string()), pending: v.boolean() })),
});
const StoredVersions = v.record(
  v.string(),
  v.object({ versions: v.array(v.object({ value: v.optional(v.string()) })) }),
);

let state: string;
let cloud: Cloud;

beforeAll(async () => {
  state = await copyOfState();
  cloud = await startCloud(state);
});
afterAll(() => cloud.stop());

const demoKey = (): string => cloud.ready.tenants[0]?.secret_key ?? '';
const us = (key: string, method: string, path: string, more?: Parameters<typeof send>[4]) =>
  send(cloud.ready.api.us, key, method, path, more);
const makeKey = async (): Promise<string> =>
  (await us(demoKey(), 'POST', '/v1/keys', { body: { name: 'shop', scopes: ['payments:read'] } })).json.secret;
const works = async (key: string): Promise<number> => (await us(key, 'GET', '/v1/payments')).status;

const secretOf = async (name: string) => {
  const response = await fetch(`${cloud.ready.control}/secrets?zone=us`);
  const found = v.parse(ZoneSecrets, await response.json()).secrets.find((each) => each.name.endsWith(`-${name}`));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};
const rotated = async (name: string): Promise<string> => {
  const run = runCommand('secrets', 'rotate', name, '--state', state);
  expect(await run.ended, run.errors()).toBe(0);
  return run.output() + run.errors();
};

const said: string[] = [];

it('[SEC-1] keys that were made before, while and after the peppers are rotated work at once, everywhere', async () => {
  const keys = [demoKey(), await makeKey()];
  // The authorizer has read the peppers a moment ago, and learns of the new one when it is needed.
  expect(await works(keys[1] ?? '')).toBe(200);
  const rotation = rotated('peppers');
  for (let made = 0; made < 6; made += 1) {
    const key = await makeKey();
    expect(await works(key)).toBe(200);
    keys.push(key);
  }
  said.push(await rotation);
  expect((await secretOf('peppers')).versions).toHaveLength(2);
  keys.push(await makeKey());
  for (const key of keys) expect(await works(key)).toBe(200);
  expect(await works(`${keys[1]?.slice(0, -1)}${keys[1]?.endsWith('a') ? 'b' : 'a'}`)).toBe(401);
});

it('[SEC-1] [PAY-1] a request from before the digests were rotated is known again after it', async () => {
  const key = newKey();
  const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
  const first = await us(demoKey(), 'POST', '/v1/payments', { key, body });
  expect(first.status).toBe(201);
  said.push(await rotated('digests'));
  const again = await us(demoKey(), 'POST', '/v1/payments', { key, body });
  expect([again.status, again.text]).toEqual([201, first.text]);
  const other = await us(demoKey(), 'POST', '/v1/payments', { key, body: { ...body, amount: 1001 } });
  expect(other.json).toMatchObject({ code: 'idempotency_mismatch' });
  expect((await secretOf('digests')).versions).toHaveLength(2);
});

it('[SEC-1] a rotation that is cut by kill -9 is completed by the next start, with one new version', async () => {
  const key = await makeKey();
  const before = (await secretOf('peppers')).versions.length;
  const begun = await fetch(`${cloud.ready.control}/secrets/peppers/rotate?zone=us`, { method: 'POST' });
  expect(begun.status).toBe(202);
  await cloud.kill();
  cloud = await startCloud(state);
  const done = await eventually(
    () => secretOf('peppers'),
    ({ pending }) => !pending,
  );
  expect([done.pending, done.versions.length]).toEqual([false, before + 1]);
  expect(await works(key)).toBe(200);
  expect(await works(await makeKey())).toBe(200);
});

it('[SEC-1] no value of a secret is in a log, or in what the command said', async () => {
  const status = runCommand('secrets', 'status', '--state', state);
  expect(await status.ended, status.errors()).toBe(0);
  expect(status.output()).toMatch(/^peppers: every 90 days/);
  said.push(status.output() + status.errors());
  const logs = join(state, 'logs');
  for (const name of readdirSync(logs)) said.push(readFileSync(join(logs, name), 'utf8'));
  expect(said.join()).toContain('secret_rotated');
  const stored = v.parse(StoredVersions, JSON.parse(readFileSync(join(state, 'secret-versions-us.json'), 'utf8')));
  const texts = Object.values(stored).flatMap(({ versions }) => versions.flatMap(({ value }) => value ?? []));
  const values = texts.flatMap((text) => {
    const { current: _, ...rest } = v.parse(v.record(v.string(), v.string()), JSON.parse(text));
    return Object.values(rest);
  });
  expect(new Set(values).size).toBe(5);
  for (const value of values) for (const text of said) expect(text.includes(value)).toBe(false);
});
