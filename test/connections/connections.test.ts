// Connections: made, read and deleted by their own tenant alone, and what they hold is never seen again.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../contract/audit/operations.ts';
import { tables } from '../../contract/capabilities.ts';
import { connectionLimits } from '../../contract/connections/limits.ts';
import {
  createConnection,
  deleteConnection,
  getConnection,
  listConnections,
} from '../../contract/connections/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import { credentialsContext } from '../../lambdas/connections/credentials_context.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import { adyenLiveUrl } from '../../lambdas/processors/adyen/processor.ts';
import { hmacKey } from '../../processor/stand_ins/adyen_stub.ts';
import { merchant, other } from '../kit/requests.ts';
import {
  adyenApiKey,
  bodies,
  type IngressFixture,
  openIngressFixture,
  stripeApiKey,
  stripeSecret,
} from '../processor_events/ingress_fixture.ts';

const live = { ...merchant, mode: 'live' };

async function row(fixture: IngressFixture, id: string) {
  const found = [...fixture.aws.database.items('providers')].find(({ pk }) => pk?.S === id);
  return found && unmarshall(found as never);
}

/** Every text in a value, bytes as the texts that they might hold. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    yield Buffer.from(value, 'base64').toString('latin1');
  } else if (value instanceof Uint8Array) {
    yield Buffer.from(value).toString('latin1');
    yield Buffer.from(value).toString('utf16le');
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      yield name;
      yield* texts(each);
    }
  }
}

describe('[ENC-4] credentials', () => {
  it('are in no row, stream image, reply, event, audit entry, bus entry, message or line, in no form', async () => {
    const fixture = openIngressFixture();
    const replies: unknown[] = [];
    const shown: string[] = [];
    const collected = async (reply: Promise<{ body: string; statusCode: number; headers?: object | undefined }>) => {
      const { body, statusCode, headers } = await reply;
      replies.push({ body, statusCode, headers });
      return JSON.parse(body);
    };
    for (const body of [...Object.values(bodies), { provider: 'test' }]) {
      const key = fixture.nextKey();
      const { id, ...made } = await collected(fixture.connecting(createConnection, { key, body }));
      if (body.provider === 'test' && !('webhook_secret' in body)) {
        shown.push(made.webhook_secret);
        replies.pop();
      } else expect(made.webhook_secret).toBeNull();
      await collected(fixture.connecting(createConnection, { key, body }));
      await collected(fixture.connecting(createConnection, { key, body: { ...body, metadata: { other: 'body' } } }));
      await collected(fixture.reads(getConnection, { params: { connection_id: id } }));
      if (body.provider === 'stripe') await fixture.stripe({ id, ...made }, {});
    }
    // Refused for what they are, and for what stands beside them.
    for (const wrong of [{ api_key: 'sk_live_51StrongroomTestKey' }, { unknown: 1 }, { webhook_secret: 'short' }]) {
      const body = { ...bodies.stripe, ...wrong };
      await collected(fixture.connecting(createConnection, { key: fixture.nextKey(), body }));
    }
    await collected(fixture.reads(listConnections, {}));
    await fixture.relayAll();
    await collected(fixture.reads(listEvents, {}));
    await collected(fixture.reads(listAuditEntries, {}));
    const all = {
      replies,
      lines: fixture.lines,
      bus: fixture.aws.published,
      messages: fixture.aws.queues.receive('deliveries', 1_000),
      rows: Object.keys(tables).map((name) => [...fixture.aws.database.items(name)]),
      streams: ['providers', 'processor_events', 'payments', 'tenants', 'webhooks'].map((name) =>
        fixture.aws.database.stream(name),
      ),
    };
    const secrets = [stripeApiKey, stripeSecret, adyenApiKey, hmacKey, 'sk_live_51StrongroomTestKey', ...shown];
    expect(shown[0]).toMatch(/^whsec_/);
    for (const text of texts(all)) {
      for (const secret of secrets) {
        expect(text.includes(secret)).toBe(false);
        expect(text.includes(secret.slice(-12))).toBe(false);
      }
    }
    expect(JSON.stringify(all).length).toBeGreaterThan(20_000);
  });

  it('[SEC-1] lie sealed under the tenants’ secrets’ key, and open in their own row alone', async () => {
    const fixture = openIngressFixture();
    const { id } = await fixture.connect('adyen');
    const stored = await row(fixture, id);
    const { tenant, credentials } = stored ?? {};
    const owner = { tenant, mode: 'test' } as const;
    const place = credentialsContext(owner, id);
    const opened = await keyring(fixture.platform, 'secrets', dataKeys(fixture.platform)).open(credentials, place);
    expect(JSON.parse(opened)).toEqual({ ...bodies.adyen, live_prefix: null });
    await expect(
      keyring(fixture.platform, 'tenant', dataKeys(fixture.platform)).open(credentials, place),
    ).rejects.toThrow();
    const elsewhere = [
      credentialsContext({ ...owner, tenant: other.tenant }, id),
      credentialsContext({ ...owner, mode: 'live' }, id),
      credentialsContext(owner, 'conn_us_x'),
    ];
    for (const wrong of elsewhere) {
      await expect(
        keyring(fixture.platform, 'secrets', dataKeys(fixture.platform)).open(credentials, wrong),
      ).rejects.toThrow();
    }
  });

  it('are destroyed with their connection, which stays as a tombstone as long as its payments may need them', async () => {
    const fixture = openIngressFixture();
    const [{ id }, test] = [await fixture.connect('stripe'), await fixture.connect('test')];
    expect(await row(fixture, id)).not.toHaveProperty('expires_at_s');
    const { credentials } = (await row(fixture, id)) ?? {};
    const gone = await fixture.connecting(deleteConnection, { params: { connection_id: id } });
    expect(gone).toMatchObject({ statusCode: 200, json: { id, status: 'deleted' } });
    const expires_at_s = Math.floor(fixture.now() / 1000) + connectionLimits.credentialRetentionDays * 86_400;
    expect(await row(fixture, id)).toMatchObject({ status: 'deleted', credentials, expires_at_s });
    await fixture.connecting(deleteConnection, { params: { connection_id: test.id } });
    expect(await row(fixture, test.id)).toMatchObject({ status: 'deleted', credentials: null, expires_at_s });
    fixture.advance(1_000);
    expect(await fixture.reads(getConnection, { params: { connection_id: id } })).toMatchObject({ statusCode: 404 });
    expect((await fixture.reads(listConnections, {})).json.data).toEqual([]);
    const before = await row(fixture, id);
    expect(await fixture.connecting(deleteConnection, { params: { connection_id: id } })).toMatchObject({
      statusCode: 200,
    });
    expect(await row(fixture, id)).toEqual(before);
  });

  it('of one mode are not taken by the other, whichever key sends them', async () => {
    const fixture = openIngressFixture();
    const create = (body: object, authorizer: object = merchant) =>
      fixture.connecting(createConnection, { key: fixture.nextKey(), body, authorizer: { ...authorizer } });
    for (const api_key of ['sk_live_51StrongroomTestKey', 'rk_live_51StrongroomTestKey']) {
      const reply = await create({ ...bodies.stripe, api_key });
      expect(reply).toMatchObject({ statusCode: 422, json: { code: 'credentials_of_other_mode' } });
      expect(reply.json.errors).toEqual([expect.objectContaining({ pointer: '/api_key' })]);
    }
    expect(await create({ ...bodies.stripe, api_key: 'rk_test_51StrongroomTestKey' })).toMatchObject({
      statusCode: 201,
    });
    expect(await create({ ...bodies.adyen, live_prefix: '1797a841fbb37ca7' })).toMatchObject({ statusCode: 422 });
    const live_prefix = '1797a841fbb37ca7-AdyenDemo';
    const { publishable_key: _, ...ofStripe } = bodies.stripe;
    const { client_key: __, ...ofAdyen } = bodies.adyen;
    const stripe = { ...ofStripe, api_key: 'sk_live_51StrongroomTestKey' };
    expect(await create(stripe, live)).toMatchObject({ statusCode: 201, json: { mode: 'live' } });
    expect(await create({ ...ofAdyen, live_prefix }, live)).toMatchObject({ statusCode: 201 });
    for (const [body, pointer] of [
      [bodies.stripe, '/api_key'],
      [{ ...stripe, publishable_key: 'pk_test_51StrongroomTestKey' }, '/publishable_key'],
      [ofAdyen, '/live_prefix'],
      [{ ...bodies.adyen, live_prefix }, '/client_key'],
      [bodies.test, '/provider'],
    ] as const) {
      const { json, statusCode } = await create(body, live);
      expect([statusCode, json.code, json.errors?.[0]?.pointer]).toEqual([422, 'credentials_of_other_mode', pointer]);
    }
  });

  it('hold no prefix of a live address that would lead elsewhere', async () => {
    const fixture = openIngressFixture();
    const wrong = ['evil.example/', 'a.b', '-a', 'a-', 'x'.repeat(50), 'a@b', ''];
    for (const live_prefix of wrong) {
      const body = { ...bodies.adyen, live_prefix };
      const reply = await fixture.connecting(createConnection, {
        key: fixture.nextKey(),
        body,
        authorizer: { ...live },
      });
      expect([live_prefix, reply.json.code]).toEqual([live_prefix, 'request_invalid']);
    }
    expect(new URL(adyenLiveUrl('1797a841fbb37ca7-AdyenDemo')).hostname).toBe(
      '1797a841fbb37ca7-AdyenDemo-checkout-live.adyenpayments.com'.toLowerCase(),
    );
  });
});

describe('a connection', () => {
  it('shows where its provider is to call, and is its tenant’s and mode’s alone', async () => {
    const fixture = openIngressFixture();
    const made = await fixture.connect('stripe');
    expect(made.ingress_url).toBe(`https://api.us.example.com/v1/ingress/stripe/${made.id}`);
    const params = { connection_id: made.id };
    const { webhook_secret: _, ...rest } = made;
    const read = { ...rest, failing_since: null };
    expect((await fixture.reads(getConnection, { params })).json).toEqual(read);
    expect((await fixture.reads(listConnections, {})).json.data).toEqual([read]);
    for (const authorizer of [other, live]) {
      expect(await fixture.reads(getConnection, { params, authorizer })).toMatchObject({ statusCode: 404 });
      expect(await fixture.connecting(deleteConnection, { params, authorizer })).toMatchObject({ statusCode: 404 });
      expect((await fixture.reads(listConnections, { authorizer })).json.data).toEqual([]);
    }
    expect(await row(fixture, made.id)).toMatchObject({ status: 'active' });
  });

  it('[PAY-1] is made once for each key: a repeat gets the first reply, without the secret that it showed', async () => {
    const fixture = openIngressFixture();
    const sent = { key: 'once', body: { provider: 'test' } };
    const first = await fixture.connecting(createConnection, sent);
    const again = await fixture.connecting(createConnection, sent);
    expect(first.json.webhook_secret).toMatch(/^whsec_/);
    expect(again).toMatchObject({ statusCode: 201, headers: { 'Idempotent-Replayed': 'true' } });
    expect(again.json).toEqual({ ...first.json, webhook_secret: null });
    const otherBody = { key: 'once', body: { ...bodies.test } };
    expect(await fixture.connecting(createConnection, otherBody)).toMatchObject({ statusCode: 422 });
    expect((await fixture.reads(listConnections, {})).json.data).toHaveLength(1);
  });

  it('is one of a bounded number; deleted ones do not count', async () => {
    const fixture = openIngressFixture();
    const made: string[] = [];
    for (let number = 0; number < connectionLimits.connections; number += 1)
      made.push((await fixture.connect('test')).id);
    const more = () => fixture.connecting(createConnection, { key: fixture.nextKey(), body: bodies.test });
    expect(await more()).toMatchObject({ statusCode: 409, json: { code: 'too_many_connections' } });
    await fixture.connecting(deleteConnection, { params: { connection_id: made[0] ?? '' } });
    expect(await more()).toMatchObject({ statusCode: 201 });
  });

  it.each([
    ['stripe', { api_key: 'pk_test_51StrongroomTestKey' }],
    ['stripe', { webhook_secret: 'whsec_' }],
    ['stripe', { hmac_key: hmacKey }],
    ['adyen', { hmac_key: hmacKey.slice(1) }],
    ['adyen', { hmac_key: 'zz'.repeat(32) }],
    ['adyen', { merchant_account: 'two words' }],
    ['test', { api_key: stripeApiKey }],
    ['test', { provider: 'other' }],
  ] as const)('of %s with %j is refused, without saying what was sent', async (provider, changes) => {
    const fixture = openIngressFixture();
    const body = { ...bodies[provider], ...changes };
    const reply = await fixture.connecting(createConnection, { key: 'bad', body });
    expect(reply).toMatchObject({ statusCode: 400, json: { code: 'request_invalid' } });
    for (const value of Object.values(changes)) {
      if (value.length > 6) expect(reply.body).not.toContain(value);
    }
  });

  it('[AUD-1] is an event and an entry when it is made and when it is deleted', async () => {
    const fixture = openIngressFixture();
    const { id } = await fixture.connect('stripe');
    await fixture.connecting(deleteConnection, { params: { connection_id: id } });
    await fixture.relayAll();
    const events = (await fixture.reads(listEvents, {})).json.data;
    expect(events.map((event: { type: string }) => event.type)).toEqual(['connection.deleted', 'connection.created']);
    expect(events[0]).toMatchObject({ aggregate_id: id, sequence: 2, data: { id, status: 'deleted' } });
    const actions = fixture.entries().map(({ action }) => action?.S);
    expect(actions).toEqual(expect.arrayContaining(['connection.created', 'connection.deleted']));
  });
});
