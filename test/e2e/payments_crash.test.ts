// `kill -9` of everything while the processor has charged and has not answered. Then: a retry, or nobody at all.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cloud,
  chargesOf,
  copyOfState,
  eventually,
  recordedFacts,
  send,
  startCloud,
  withoutGaps,
} from '../kit/cloud.ts';

let state: string;
let cloud: Cloud;

beforeAll(async () => {
  state = await copyOfState();
  cloud = await startCloud(state);
});
afterAll(() => cloud.stop());

const slow = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_timeout_then_charged' };

describe('[PAY-1] kill -9 while the outcome is on its way', () => {
  it('a retry with the same key, and the reconciler without any: one charge each', async () => {
    const secret = cloud.ready.tenants[0]?.secret_key ?? '';
    const create = (key: string) => send(cloud.ready.api.us, secret, 'POST', '/v1/payments', { key, body: slow });
    const listed = async (): Promise<{ id: string; status: string; created_at: string }[]> =>
      (await send(cloud.ready.api.us, secret, 'GET', '/v1/payments')).json.data;

    const lost = [create('retried'), create('abandoned')].map((request) => request.catch(() => 'lost'));
    await eventually(listed, (payments) => payments.length === 2);
    const ids = (await listed()).map(({ id }) => id);
    for (const id of ids) {
      expect(
        await eventually(
          () => chargesOf(cloud, id),
          (found) => found.length === 1,
        ),
      ).toHaveLength(1);
    }
    await cloud.kill();
    expect(await Promise.all(lost)).toEqual(['lost', 'lost']);

    const before = cloud.ready;
    cloud = await startCloud(state);
    expect(cloud.ready).toEqual(before);
    // Where the start took longer than a lease, the reconciler may have settled them.
    for (const { status } of await listed()) expect(['processing', 'captured']).toContain(status);

    const early = await create('retried');
    expect([201, 409]).toContain(early.status);
    expect(early.headers.has('Retry-After')).toBe(early.status === 409);
    const reply = await eventually(
      () => create('retried'),
      ({ status }) => status !== 409,
    );
    expect(reply.status).toBe(201);
    expect(reply.json.status).toBe('captured');
    expect((await create('retried')).text).toBe(reply.text);

    const swept = async () => {
      await fetch(`${cloud.ready.control}/schedules/reconciler/run?zone=us`, { method: 'POST' });
      return listed();
    };
    const settled = await eventually(swept, (payments) => payments.every(({ status }) => status === 'captured'));
    expect(settled.map(({ status }) => status)).toEqual(['captured', 'captured']);
    const late = await create('abandoned');
    expect(late.status).toBe(201);
    expect(late.headers.get('Idempotent-Replayed')).toBe('true');
    expect(late.json.status).toBe('captured');
    for (const id of ids) expect(await chargesOf(cloud, id)).toHaveLength(1);

    const facts = await eventually(
      () => recordedFacts(cloud, secret),
      ({ events, entries }) => events.length >= 5 && entries.length === events.length,
    );
    expect(facts.entries).toEqual(facts.events);
    expect(facts.sequences.every(withoutGaps)).toBe(true);
  });
});
