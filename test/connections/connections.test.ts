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
import { merchant, other } from '../kernel/http/requests.ts';
import { adyenApiKey, bodies, type Gate, openGate, stripeApiKey, stripeSecret } from '../processor_events/gate.ts';
import { hmacKey } from '../processors/adyen_stand.ts';

const live = { ...merchant, mode: 'live' };

async function row(gate: Gate, id: string) {
  const found = [...gate.aws.database.items('providers')].find(({ pk }) => pk?.S === id);
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
    const gate = openGate();
    const replies: unknown[] = [];
    const shown: string[] = [];
    const kept = async (reply: Promise<{ body: string; statusCode: number; headers?: object | undefined }>) => {
      const { body, statusCode, headers } = await reply;
      replies.push({ body, statusCode, headers });
      return JSON.parse(body);
    };
    for (const body of [...Object.values(bodies), { provider: 'test' }]) {
      const key = gate.nextKey();
      const { id, ...made } = await kept(gate.connecting(createConnection, { key, body }));
      if (body.provider === 'test' && !('webhook_secret' in body)) {
        shown.push(made.webhook_secret);
        replies.pop();
      } else expect(made.webhook_secret).toBeNull();
      await kept(gate.connecting(createConnection, { key, body }));
      await kept(gate.connecting(createConnection, { key, body: { ...body, metadata: { other: 'body' } } }));
      await kept(gate.reads(getConnection, { params: { connection_id: id } }));
      if (body.provider === 'stripe') await gate.stripe({ id, ...made }, {});
    }
    // Refused for what they are, and for what stands beside them.
    for (const wrong of [{ api_key: 'sk_live_51StrongroomTestKey' }, { unknown: 1 }, { webhook_secret: 'short' }]) {
      const body = { ...bodies.stripe, ...wrong };
      await kept(gate.connecting(createConnection, { key: gate.nextKey(), body }));
    }
    await kept(gate.reads(listConnections, {}));
    await gate.relayAll();
    await kept(gate.reads(listEvents, {}));
    await kept(gate.reads(listAuditEntries, {}));
    const all = {
      replies,
      lines: gate.lines,
      bus: gate.aws.published,
      messages: gate.aws.queues.receive('deliveries', 1_000),
      rows: Object.keys(tables).map((name) => [...gate.aws.database.items(name)]),
      streams: ['providers', 'payments', 'tenants', 'webhooks'].map((name) => gate.aws.database.stream(name)),
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
    const gate = openGate();
    const { id } = await gate.connect('adyen');
    const stored = await row(gate, id);
    const { tenant, credentials } = stored ?? {};
    const owner = { tenant, mode: 'test' } as const;
    const place = credentialsContext(owner, id);
    const opened = await keyring(gate.platform, 'secrets', dataKeys(gate.platform)).open(credentials, place);
    expect(JSON.parse(opened)).toEqual({ ...bodies.adyen, live_prefix: null });
    await expect(keyring(gate.platform, 'tenant', dataKeys(gate.platform)).open(credentials, place)).rejects.toThrow();
    const elsewhere = [
      credentialsContext({ ...owner, tenant: other.tenant }, id),
      credentialsContext({ ...owner, mode: 'live' }, id),
      credentialsContext(owner, 'conn_us_x'),
    ];
    for (const wrong of elsewhere) {
      await expect(
        keyring(gate.platform, 'secrets', dataKeys(gate.platform)).open(credentials, wrong),
      ).rejects.toThrow();
    }
  });

  it('are destroyed with their connection, which stays as a tombstone as long as its payments may need them', async () => {
    const gate = openGate();
    const [{ id }, test] = [await gate.connect('stripe'), await gate.connect('test')];
    expect(await row(gate, id)).not.toHaveProperty('expires_at_s');
    const { credentials } = (await row(gate, id)) ?? {};
    const gone = await gate.connecting(deleteConnection, { params: { connection_id: id } });
    expect(gone).toMatchObject({ statusCode: 200, json: { id, status: 'deleted' } });
    const expires_at_s = Math.floor(gate.now() / 1000) + connectionLimits.deletedKeptDays * 86_400;
    expect(await row(gate, id)).toMatchObject({ status: 'deleted', credentials, expires_at_s });
    await gate.connecting(deleteConnection, { params: { connection_id: test.id } });
    expect(await row(gate, test.id)).toMatchObject({ status: 'deleted', credentials: null, expires_at_s });
    gate.advance(1_000);
    expect(await gate.reads(getConnection, { params: { connection_id: id } })).toMatchObject({ statusCode: 404 });
    expect((await gate.reads(listConnections, {})).json.data).toEqual([]);
    const before = await row(gate, id);
    expect(await gate.connecting(deleteConnection, { params: { connection_id: id } })).toMatchObject({
      statusCode: 200,
    });
    expect(await row(gate, id)).toEqual(before);
  });

  it('of live mode are not taken by test mode, and live mode takes none yet', async () => {
    const gate = openGate();
    const create = (body: object, authorizer: object = merchant) =>
      gate.connecting(createConnection, { key: gate.nextKey(), body, authorizer: { ...authorizer } });
    for (const api_key of ['sk_live_51StrongroomTestKey', 'rk_live_51StrongroomTestKey']) {
      const reply = await create({ ...bodies.stripe, api_key });
      expect(reply).toMatchObject({ statusCode: 422, json: { code: 'credentials_of_other_mode' } });
      expect(reply.json.errors).toEqual([expect.objectContaining({ pointer: '/api_key' })]);
    }
    expect(await create({ ...bodies.stripe, api_key: 'rk_test_51StrongroomTestKey' })).toMatchObject({
      statusCode: 201,
    });
    expect(await create({ ...bodies.adyen, live_prefix: '1797a841fbb37ca7' })).toMatchObject({ statusCode: 422 });
    for (const body of Object.values(bodies)) expect(await create(body, live)).toMatchObject({ statusCode: 501 });
  });
});

describe('a connection', () => {
  it('shows where its provider is to call, and is its tenant’s and mode’s alone', async () => {
    const gate = openGate();
    const made = await gate.connect('stripe');
    expect(made.ingress_url).toBe(`https://api.us.example.com/v1/ingress/stripe/${made.id}`);
    const params = { connection_id: made.id };
    const { webhook_secret: _, ...read } = made;
    expect((await gate.reads(getConnection, { params })).json).toEqual(read);
    expect((await gate.reads(listConnections, {})).json.data).toEqual([read]);
    for (const authorizer of [other, live]) {
      expect(await gate.reads(getConnection, { params, authorizer })).toMatchObject({ statusCode: 404 });
      expect(await gate.connecting(deleteConnection, { params, authorizer })).toMatchObject({ statusCode: 404 });
      expect((await gate.reads(listConnections, { authorizer })).json.data).toEqual([]);
    }
    expect(await row(gate, made.id)).toMatchObject({ status: 'active' });
  });

  it('[PAY-1] is made once for each key: a repeat gets the first reply, without the secret that it showed', async () => {
    const gate = openGate();
    const sent = { key: 'once', body: { provider: 'test' } };
    const first = await gate.connecting(createConnection, sent);
    const again = await gate.connecting(createConnection, sent);
    expect(first.json.webhook_secret).toMatch(/^whsec_/);
    expect(again).toMatchObject({ statusCode: 201, headers: { 'Idempotent-Replayed': 'true' } });
    expect(again.json).toEqual({ ...first.json, webhook_secret: null });
    const otherBody = { key: 'once', body: { ...bodies.test } };
    expect(await gate.connecting(createConnection, otherBody)).toMatchObject({ statusCode: 422 });
    expect((await gate.reads(listConnections, {})).json.data).toHaveLength(1);
  });

  it('is one of a bounded number; deleted ones do not count', async () => {
    const gate = openGate();
    const made: string[] = [];
    for (let number = 0; number < connectionLimits.connections; number += 1) made.push((await gate.connect('test')).id);
    const more = () => gate.connecting(createConnection, { key: gate.nextKey(), body: bodies.test });
    expect(await more()).toMatchObject({ statusCode: 409, json: { code: 'too_many_connections' } });
    await gate.connecting(deleteConnection, { params: { connection_id: made[0] ?? '' } });
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
    const gate = openGate();
    const body = { ...bodies[provider], ...changes };
    const reply = await gate.connecting(createConnection, { key: 'bad', body });
    expect(reply).toMatchObject({ statusCode: 400, json: { code: 'request_invalid' } });
    for (const value of Object.values(changes)) {
      if (value.length > 6) expect(reply.body).not.toContain(value);
    }
  });

  it('[AUD-1] is an event and an entry when it is made and when it is deleted', async () => {
    const gate = openGate();
    const { id } = await gate.connect('stripe');
    await gate.connecting(deleteConnection, { params: { connection_id: id } });
    await gate.relayAll();
    const events = (await gate.reads(listEvents, {})).json.data;
    expect(events.map((event: { type: string }) => event.type)).toEqual(['connection.deleted', 'connection.created']);
    expect(events[0]).toMatchObject({ aggregate_id: id, sequence: 2, data: { id, status: 'deleted' } });
    const actions = gate.entries().map(({ action }) => action?.S);
    expect(actions).toEqual(expect.arrayContaining(['connection.created', 'connection.deleted']));
  });
});
