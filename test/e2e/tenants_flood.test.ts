// One tenant floods the API: it is told to slow down, in our own form; its neighbour notices nothing; a second later all is
// well. On the local cloud, through the synthesized templates, at an age at which tenants have keys of their own.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTenantMs, rates, usageKey } from '../../contract/kernel/rates.ts';
import { zones } from '../../contract/kernel/zones.ts';
import { chooseEngine, startEngine } from '../../local/dynamodb/engine.ts';
import { openState } from '../../local/storage/state.ts';
import { type Cloud, copyOfState, eventually, type HttpReply, send, startCloud } from '../kit/cloud.ts';

const place = { stage: 'development', zone: 'us' } as const;
const limit = rates.find(({ mode, rateClass }) => mode === 'test' && rateClass === 'money');
if (limit === undefined) throw new Error('no limit');
const { burstRequests, requestsPerSecond } = limit;
/** A flood comes in waves until it is told to slow down, and is bounded for where nobody says so. */
const waveRequests = 20;
const mostWaves = 25;
/** How many of a wave are under way at once: each one more would start more processes, which floods nobody. */
const atOnce = 4;

interface StoredKey {
  readonly value: string;
  readonly planId: string | null;
}

const storedKeys = (state: string): string[] => {
  const file = join(state, 'usage-keys-us.json');
  const keys = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredKey[]) : [];
  return keys.filter(({ planId }) => planId !== null).map(({ value }) => value);
};

/** What time would do: all tenants and keys were made so long ago. */
async function age(path: string, ms: number): Promise<void> {
  const engine = await startEngine('us', zones.us.home, await openState(path), chooseEngine());
  const TableName = `strongroom-${place.stage}-us-tenants`;
  const { Items } = (await engine.client.call('DynamoDB_20120810.Scan', { TableName })) as {
    Items: Record<string, { S?: string }>[];
  };
  for (const { pk, sk, created_at } of Items) {
    const then = new Date(Date.parse(created_at?.S ?? '') - ms).toISOString();
    await engine.client.call('DynamoDB_20120810.UpdateItem', {
      TableName,
      Key: { pk, sk },
      UpdateExpression: 'SET created_at = :then',
      ExpressionAttributeValues: { ':then': { S: then } },
    });
  }
  await engine.stop();
}

let cloud: Cloud;
let loud: string;
let quiet: string;

const pay = (secretKey: string): Promise<HttpReply> =>
  send(cloud.ready.api.us, secretKey, 'POST', '/v1/payments', {
    body: { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' },
  });
/** Counts like any other, and is refused before it costs anything. */
const knock = (secretKey: string, headers: Record<string, string> = {}): Promise<HttpReply> =>
  send(cloud.ready.api.us, secretKey, 'POST', '/v1/payments', { body: {}, headers });
async function times(count: number, ask: () => Promise<HttpReply>): Promise<HttpReply[]> {
  const replies: HttpReply[] = [];
  let begun = 0;
  const next = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      replies.push(await ask());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return replies;
}
const statuses = (replies: readonly HttpReply[]): number[] => [...new Set(replies.map(({ status }) => status))].sort();

beforeAll(async () => {
  const state = await copyOfState();
  await age(state, newTenantMs);
  cloud = await startCloud(state);
  const [first, second] = cloud.ready.tenants.filter(({ zone }) => zone === 'us');
  [loud, quiet] = [first?.secret_key ?? '', second?.secret_key ?? ''];
  const wanted = [first?.id ?? '', second?.id ?? ''].flatMap((tenant) =>
    rates.map((rate) => usageKey(place, tenant, rate)),
  );
  const made = await eventually(
    async () => storedKeys(state),
    (found) => wanted.every((value) => found.includes(value)),
  );
  expect(made).toEqual(expect.arrayContaining(wanted));
});
afterAll(() => cloud.stop());

/** Of the burst no more than this is left; it grows since then. */
let left = { requests: burstRequests, sinceMs: 0 };
const grown = (ms: number): number => (requestsPerSecond * ms) / 1000;

/** Meanwhile the neighbour pays. */
async function flood(headers: Record<string, string> = {}) {
  const beganMs = Date.now();
  const atFirst = Math.min(burstRequests, left.requests + grown(beganMs - left.sinceMs));
  const knocks: HttpReply[] = [];
  const neighbours: HttpReply[] = [];
  for (let wave = 0; wave < mostWaves && !statuses(knocks).includes(429); wave += 1) {
    left = { ...left, sinceMs: Date.now() };
    const asked = [times(waveRequests, () => knock(loud, headers)), pay(quiet)] as const;
    const [knocked, paid] = await Promise.all(asked);
    knocks.push(...knocked);
    neighbours.push(paid);
  }
  if (statuses(knocks).includes(429)) left = { ...left, requests: 0 };
  return { knocks, neighbours, most: atFirst + grown(Date.now() - beganMs) };
}

/** As many pass as the limit lets through; a machine so slow that it sends no more than that floods nothing. */
function expectSlowedDown({ knocks, most }: Awaited<ReturnType<typeof flood>>): void {
  const passed = knocks.filter(({ status }) => status === 400).length;
  expect(passed).toBeLessThanOrEqual(most);
  expect(statuses(knocks)).toEqual(knocks.length > most ? [400, 429] : expect.arrayContaining([400]));
}

describe('[API-2] a flood', () => {
  it('finds new tenants served at once, long before their own keys work', async () => {
    const { operator_keys, api } = cloud.ready;
    const body = { name: 'Neighbour', zone: 'us' };
    const made = await send(api.us, operator_keys.us, 'POST', '/v1/tenants', { body });
    expect(made.status).toBe(201);
    expect((await send(api.us, made.json.secret_key, 'GET', '/v1/payments')).status).toBe(200);
  });

  it('is told to slow down, and nobody else is', async () => {
    const flooded = await flood();
    expectSlowedDown(flooded);
    expect(statuses(flooded.neighbours)).toEqual([201]);
    expect(flooded.knocks.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(burstRequests);

    for (const { status, headers, json } of flooded.knocks) {
      if (status !== 429) continue;
      expect(json).toMatchObject({ type: '/docs/errors/rate_limited', code: 'rate_limited', status: 429 });
      expect(json.request_id).toBe(headers.get('x-request-id'));
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(headers.get('strict-transport-security')).toContain('max-age=');
    }
  });

  it('leaves other classes alone, and is over once it stops', async () => {
    const reads = await times(20, () => send(cloud.ready.api.us, loud, 'GET', '/v1/payments'));
    expect(statuses(reads)).toEqual([200]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(statuses(await times(5, () => pay(loud)))).toEqual([201]);
  });

  it('is not let through by a key that the client brings', async () => {
    const headers = { 'X-Api-Key': usageKey(place, 'operators', { mode: 'live', rateClass: 'admin' }) };
    // Little has grown since: the key's own burst would show at once.
    expectSlowedDown(await flood(headers));
  });
});
