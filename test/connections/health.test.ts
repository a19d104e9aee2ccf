// A connection that its processor refuses is seen to be failing, by whoever reads it and in an event; and it recovers by itself.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { connectionLimits as limits } from '../../contract/connections/limits.ts';
import { deleteConnection, getConnection, listConnections } from '../../contract/connections/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import { cacheLimits } from '../../contract/kernel/limits.ts';
import { createPayment } from '../../contract/payments/operations.ts';
import type { AwsCall } from '../kit/aws/answered.ts';
import { merchant } from '../kit/requests.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';

const replies = {
  refused: { status: 401, body: { error: { type: 'invalid_request_error', code: null } } },
  declined: { status: 400, body: { error: { type: 'invalid_request_error', code: 'resource_missing' } } },
  broken: { status: 500, body: { error: { type: 'api_error' } } },
};
type Reply = keyof typeof replies;

const isHealthWrite = ({ operation, input }: AwsCall): boolean =>
  operation === 'PutItem' && JSON.stringify(input).includes('"cnh_');

async function opened({ fault }: { readonly fault?: (call: AwsCall) => boolean } = {}) {
  const fixture = openIngressFixture(fault === undefined ? {} : { fault });
  const connection = await fixture.connect('stripe');
  let answers: Reply = 'refused';
  const transport = {
    base: new URL('https://api.stripe.com/'),
    converse: () => async () => replies[answers],
  };
  let functions = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
  const params = { connection_id: connection.id };
  return {
    fixture,
    connection,
    params,
    /** Another instance, which remembers nothing. */
    restart: () => {
      functions = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
    },
    reconcile: () => functions.reconcile(),
    answer: (as: Reply) => {
      answers = as;
    },
    pay: async (as: Reply) => {
      answers = as;
      const body = {
        amount: 1000,
        currency: 'EUR',
        payment_method: 'pm_card',
        return_url: 'https://shop.example/back',
      };
      const reply = await functions.pay(createPayment, {
        key: fixture.nextKey(),
        body: { ...body, connection: connection.id },
      });
      return reply.json;
    },
    since: async (): Promise<string | null> => (await fixture.reads(getConnection, { params })).json.failing_since,
    events: async (): Promise<string[]> => {
      await fixture.relayAll();
      const { data } = (await fixture.reads(listEvents, { query: { limit: '100' } })).json;
      const ofHealth = data.filter(
        ({ aggregate_type }: { aggregate_type: string }) => aggregate_type === 'connection_health',
      );
      return ofHealth.map(({ type }: { type: string }) => type).reverse();
    },
  };
}

describe('a connection that its processor refuses', () => {
  it('is failing from its first refusal until the processor answers again, and each is one event', async () => {
    const { fixture, pay, since, events, params, connection } = await opened();
    expect(await since()).toBeNull();
    const failedAt = new Date(fixture.now()).toISOString();
    for (let times = 0; times < 3; times += 1) expect(await pay('refused')).toMatchObject({ status: 'failed' });
    expect(await since()).toBe(failedAt);
    expect((await fixture.reads(listConnections, {})).json.data[0].failing_since).toBe(failedAt);
    expect(await events()).toEqual(['connection.failing']);
    fixture.advance(5_000);
    for (let times = 0; times < 3; times += 1) await pay('declined');
    expect(await since()).toBeNull();
    expect(await events()).toEqual(['connection.failing', 'connection.recovered']);
    const { data } = (await fixture.reads(listEvents, { query: { limit: '100' } })).json;
    expect(data.find(({ type }: { type: string }) => type === 'connection.recovered')).toMatchObject({
      type: 'connection.recovered',
      sequence: 2,
      aggregate_id: connection.id.replace('conn_', 'cnh_'),
      data: { object: 'connection_health', connection: connection.id, mode: 'test', failing_since: null },
    });
    expect((await fixture.connecting(deleteConnection, { params })).json).toMatchObject({ failing_since: null });
  });

  it('is failing for every instance: what one found out the next does not record again', async () => {
    const { pay, restart, events } = await opened();
    await pay('refused');
    restart();
    await pay('refused');
    restart();
    await pay('declined');
    expect(await events()).toEqual(['connection.failing', 'connection.recovered']);
  });

  it('[PAY-1] is not said to fail or to recover by an answer that says nothing of it', async () => {
    const { fixture, pay, since, reconcile } = await opened();
    expect(await pay('broken')).toMatchObject({ status: 'processing' });
    expect(await since()).toBeNull();
    await pay('refused');
    const failing = await since();
    await pay('broken');
    expect(await since()).toBe(failing);
    expect(failing).not.toBeNull();
    fixture.advance(60_000);
    await reconcile();
    expect(await since()).toBe(failing);
  });

  it('is found out by the reconciler too', async () => {
    const { fixture, pay, since, reconcile, answer } = await opened();
    await pay('broken');
    answer('refused');
    fixture.advance(120_000);
    await reconcile();
    expect(await since()).toEqual(expect.any(String));
  });

  it('that answers and refuses by turns is an event a minute, and no more', async () => {
    const { fixture, pay, events } = await opened();
    for (let times = 0; times < 20; times += 1) {
      await pay('refused');
      await pay('declined');
      fixture.advance(1_000);
    }
    expect((await events()).filter((type) => type === 'connection.failing')).toHaveLength(1);
    fixture.advance(limits.failingAgainMs + cacheLimits.connectionHealthMs);
    await pay('refused');
    expect((await events()).filter((type) => type === 'connection.failing')).toHaveLength(2);
  });
});

describe('noting how a connection does', () => {
  it('never fails a payment, and is made up for by the next answer', async () => {
    let isLost = true;
    const { fixture, pay, since } = await opened({ fault: (call) => isLost && isHealthWrite(call) });
    expect(await pay('refused')).toMatchObject({ status: 'failed', last_error: { code: 'processor_misconfigured' } });
    expect(fixture.lines.map(({ message }) => message)).toContain('connection_health_unknown');
    expect(await since()).toBeNull();
    isLost = false;
    await pay('refused');
    expect(await since()).not.toBeNull();
  });

  it('costs a working connection one read a minute and instance, and no write', async () => {
    const { fixture, pay } = await opened();
    const counted = async () => {
      const before = fixture.calls.length;
      await pay('declined');
      return fixture.calls.length - before;
    };
    await counted();
    const known = await counted();
    fixture.advance(cacheLimits.connectionHealthMs);
    // The connection is read anew as well.
    await pay('declined');
    expect(await counted()).toBe(known);
    expect([...fixture.aws.database.items('providers')].filter(({ pk }) => pk?.S?.startsWith('cnh_'))).toEqual([]);
  });

  it('is said by the system, for its own tenant', async () => {
    const { fixture, pay } = await opened();
    await pay('refused');
    const rows = [...fixture.aws.database.items('providers')].filter(({ pk }) => pk?.S?.startsWith('cnh_'));
    expect(rows).toHaveLength(1);
    expect(unmarshall(rows[0] ?? {})).toMatchObject({
      tenant: merchant.tenant,
      mode: 'test',
      fact: {
        type: 'connection.failing',
        actor: { kind: 'system', id: 'money' },
        tenant: merchant.tenant,
        address: null,
      },
    });
  });
});
