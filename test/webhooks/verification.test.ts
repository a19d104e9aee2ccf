// An address that has not agreed to anything is sent challenges, few and small, and nothing else; what an endpoint missed until
// it agreed is parked and comes then.

import { describe, expect, it } from 'vitest';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  getWebhookEndpoint,
  replayEvents,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
  verifyWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { webhooks } from '../../sdk/src/index.ts';
import { answers, type DeliveryFixture, type Hit, hangs, openDeliveries, type Receiver } from './delivery_fixture.ts';

const rounds = 1 + limits.challengeOffsetsMs.length;
const textOf = ({ event }: Hit): string => event.data.challenge;

async function create(fixture: DeliveryFixture, host: string): Promise<{ id: string; secret: string }> {
  const body = { url: `https://${host}/hooks`, events: ['payment.captured'] };
  const reply = await fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body });
  expect([reply.statusCode, reply.json.status]).toEqual([201, 'pending_verification']);
  await fixture.pass(1_000);
  return reply.json;
}

const shown = async (fixture: DeliveryFixture, id: string) =>
  (await fixture.reads(getWebhookEndpoint, { params: { webhook_endpoint_id: id } })).json;

const verify = (fixture: DeliveryFixture, id: string) =>
  fixture.webhooks(verifyWebhookEndpoint, { params: { webhook_endpoint_id: id }, body: {} });

const update = (fixture: DeliveryFixture, id: string, body: object) =>
  fixture.webhooks(updateWebhookEndpoint, { params: { webhook_endpoint_id: id }, body });

describe('an endpoint that was made', () => {
  it.each<[string, Receiver]>([
    ['alone', (hit) => answers(200, { body: `${textOf(hit)}\n` })(hit)],
    ['as JSON', (hit) => answers(202, { body: JSON.stringify({ ok: true, challenge: textOf(hit) }) })(hit)],
  ])('is verified when its address gives the challenge back %s, which is signed', async (_, receiver) => {
    const fixture = openDeliveries();
    fixture.consenting('shop.example.org', receiver);
    const { id, secret } = await create(fixture, 'shop.example.org');
    expect(await shown(fixture, id)).toMatchObject({ status: 'enabled', verification_failure: null });
    const [challenge, ...others] = fixture.challenges;
    expect(others).toEqual([]);
    expect(challenge?.body.length).toBeLessThan(600);
    const now = { now: () => fixture.now() };
    const event = await webhooks.verify(challenge?.body ?? '', challenge?.headers ?? {}, secret, now);
    expect(webhooks.challengeAnswer(event)).toEqual({ challenge: challenge && textOf(challenge) });
    await fixture.pay();
    await fixture.settle();
    expect(fixture.hits.map(({ event }) => event.type)).toEqual(['payment.captured']);
    expect(webhooks.challengeAnswer(fixture.hits[0]?.event)).toBeUndefined();
  });

  it.each<[string, string, Receiver]>([
    ['says yes to everything', 'challenge', answers(200, { body: 'ok' })],
    ['gives back the whole request', 'challenge', (hit) => answers(200, { body: hit.body })(hit)],
    ['gives it back with an error', 'status', (hit) => answers(500, { body: textOf(hit) })(hit)],
    ['says nothing', 'timeout', hangs],
  ])('is sent a few challenges and nothing else where its address %s', async (_, failure, receiver) => {
    const fixture = openDeliveries();
    fixture.consenting('victim.example.org', receiver);
    const { id } = await create(fixture, 'victim.example.org');
    await fixture.pay();
    await fixture.pass(48 * 3_600_000);
    expect(fixture.hits).toEqual([]);
    const times = fixture.challenges.map(({ atMs }) => Math.round((atMs - (fixture.challenges[0]?.atMs ?? 0)) / 1000));
    expect(times).toEqual([0, ...limits.challengeOffsetsMs.map((ms) => ms / 1000)]);
    expect(new Set(fixture.challenges.map(textOf)).size).toBe(rounds);
    expect(await shown(fixture, id)).toMatchObject({ status: 'pending_verification', verification_failure: failure });
  });

  it('is sent nothing that its tenant asks for but another round of challenges', async () => {
    const fixture = openDeliveries();
    fixture.consenting('victim.example.org', answers(200));
    const { id } = await create(fixture, 'victim.example.org');
    const params = { webhook_endpoint_id: id };
    const refused = [
      await fixture.webhooks(testWebhookEndpoint, { params, key: fixture.nextKey(), body: {} }),
      await fixture.webhooks(replayEvents, {
        params,
        key: fixture.nextKey(),
        body: { from: new Date(fixture.now() - 1_000).toISOString() },
      }),
    ];
    expect(refused.map(({ json }) => json.code)).toEqual(['endpoint_not_enabled', 'endpoint_not_enabled']);
    expect((await update(fixture, id, { status: 'enabled', description: 'mine' })).json.status).toBe(
      'pending_verification',
    );
    await fixture.webhooks(rotateWebhookSecret, { params, key: fixture.nextKey(), body: {} });
    await fixture.pass(3_600_000);
    expect([fixture.hits, fixture.challenges.length]).toEqual([[], rounds]);
  });
});

describe('what an endpoint missed before it was verified', () => {
  it('is parked and comes when its address answers a challenge that was asked for again', async () => {
    const fixture = openDeliveries();
    fixture.consenting('late.example.org', answers(401));
    const { id } = await create(fixture, 'late.example.org');
    const payments = [await fixture.pay(), await fixture.pay()];
    await fixture.pass(3_600_000);
    expect(fixture.hits).toEqual([]);
    fixture.consenting('late.example.org', (hit) => answers(200, { body: textOf(hit) })(hit));
    expect((await verify(fixture, id)).statusCode).toBe(200);
    await fixture.pass(1_000);
    expect(fixture.hits.map(({ event }) => event.aggregate_id).sort()).toEqual([...payments].sort());
    // By now there is nothing to verify.
    expect((await verify(fixture, id)).json.status).toBe('enabled');
  });

  it('includes what came after its address was changed, and the new one is asked first', async () => {
    const fixture = openDeliveries();
    const { id } = await create(fixture, 'old.example.org');
    fixture.consenting('new.example.org', answers(200));
    const moved = await update(fixture, id, { url: 'https://new.example.org/hooks' });
    expect(moved.json.status).toBe('pending_verification');
    await fixture.pass(3_600_000);
    await fixture.pay();
    await fixture.pass(1_000);
    expect(fixture.hits).toEqual([]);
    // The address that was verified needs no other challenge, but the new one was never verified.
    expect((await update(fixture, id, { status: 'disabled' })).json.status).toBe('disabled');
    expect((await update(fixture, id, { status: 'enabled' })).json.status).toBe('pending_verification');
    const back = await update(fixture, id, { url: 'https://old.example.org/hooks' });
    expect(back.json.status).toBe('enabled');
    await fixture.pass(1_000);
    expect(fixture.hits.map(({ host }) => host)).toEqual(['old.example.org']);
  });
});

describe('rounds of challenges', () => {
  it('are one a minute for each endpoint that asks', async () => {
    const fixture = openDeliveries();
    fixture.consenting('victim.example.org', answers(200));
    const { id } = await create(fixture, 'victim.example.org');
    const early = await verify(fixture, id);
    expect([early.statusCode, early.json.code]).toEqual([429, 'too_many_verifications']);
    expect(Number(early.headers?.['Retry-After'])).toBe(limits.verificationPauseMs / 1000 - 1);
    fixture.linger(limits.verificationPauseMs);
    expect((await verify(fixture, id)).statusCode).toBe(200);
  });

  it('are bounded for a tenant, whichever request begins them, and nothing is changed by one more', async () => {
    const fixture = openDeliveries();
    fixture.consenting('victim.example.org', hangs);
    const { id } = await create(fixture, 'victim.example.org');
    for (let each = 1; each < limits.verifications; each += 1) {
      expect((await update(fixture, id, { url: `https://victim.example.org/${each}` })).statusCode).toBe(200);
    }
    const before = await shown(fixture, id);
    const refused = await update(fixture, id, { url: 'https://victim.example.org/more' });
    expect([refused.statusCode, refused.json.code]).toEqual([429, 'too_many_verifications']);
    expect(await shown(fixture, id)).toEqual(before);
    const body = { url: 'https://victim.example.org/other' };
    const other = await fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body });
    expect(other.json.code).toBe('too_many_verifications');
    fixture.linger(limits.verificationRefillMs);
    expect((await update(fixture, id, { url: 'https://victim.example.org/more' })).statusCode).toBe(200);
  });
});
