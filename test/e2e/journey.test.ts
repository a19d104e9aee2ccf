// A merchant's way through the synthesized templates: gateway, authorizer, functions with their own environment and
// policies, tables with streams, the processor.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  chargesOf,
  eventually,
  type HttpReply,
  type NewTenant,
  newKey,
  newTenant,
  recordedFacts,
  type SharedCloud,
  send,
  sharedCloud,
  withoutGaps,
} from '../kit/cloud.ts';

let cloud: SharedCloud;
let mine: NewTenant;
let neighbour: NewTenant;
let us: (method: string, path: string, more?: Parameters<typeof send>[4]) => Promise<HttpReply>;

beforeAll(async () => {
  cloud = await sharedCloud();
  [mine, neighbour] = await Promise.all([newTenant(cloud, 'us'), newTenant(cloud, 'us')]);
  us = (method, path, more) => send(cloud.ready.api.us, mine.secret_key, method, path, more);
});

const visa = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const pay = (more: object = {}, key = newKey()) => us('POST', '/v1/payments', { key, body: { ...visa, ...more } });

describe.concurrent('[PAY-1] payments', () => {
  it('are created, captured in parts, refunded, voided and read', async () => {
    const { json: payment } = await pay({ capture_method: 'manual', metadata: { order: '42' } });
    expect(payment).toMatchObject({ status: 'authorized', amount_authorized: 1000, metadata: { order: '42' } });
    const at = `/v1/payments/${payment.id}`;
    const first = await us('POST', `${at}/captures`, { body: { amount: 300 } });
    const second = await us('POST', `${at}/captures`, { body: { amount: 200 } });
    expect([first.status, second.status]).toEqual([201, 201]);
    const refund = await us('POST', `${at}/refunds`, { body: { amount: 100, reason: 'damaged' } });
    expect(refund.json).toMatchObject({ object: 'refund', status: 'succeeded', amount: 100, payment: payment.id });
    const cancel = await us('POST', `${at}/voids`, { body: {} });
    expect(cancel.json).toMatchObject({ object: 'void', status: 'succeeded', amount: 500 });
    expect((await us('GET', at)).json).toMatchObject({
      status: 'captured',
      amount_captured: 500,
      amount_refunded: 100,
      amount_voided: 500,
    });
    const captures = await us('GET', `${at}/captures`);
    expect(captures.json.data.map(({ id }: { id: string }) => id)).toEqual([second.json.id, first.json.id]);
    expect((await us('GET', `${at}/captures/${first.json.id}`)).json).toEqual(first.json);
    expect((await us('GET', `${at}/refunds/${refund.json.id}`)).json).toEqual(refund.json);
    expect((await us('GET', `${at}/voids/${cancel.json.id}`)).json).toEqual(cancel.json);
    expect((await us('GET', `${at}/voids/${first.json.id}`)).status).toBe(404);
    const [charge] = await chargesOf(cloud, payment.id);
    expect(charge).toMatchObject({ captured: 500, refunded: 100 });
  });

  it('that are declined are a 201 that says so', async () => {
    const reply = await pay({ payment_method: 'pm_test_declined' });
    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject({ status: 'failed', last_error: { code: 'card_declined', retriable: false } });
    expect(await chargesOf(cloud, reply.json.id)).toEqual([]);
  });

  it('whose time runs out are processing, and settled by whoever comes next', async () => {
    const key = newKey();
    const lost = await pay({ payment_method: 'pm_test_timeout_then_charged' }, key);
    expect(lost.json).toMatchObject({ status: 'processing' });
    const settled = await eventually(
      async () => {
        await fetch(`${cloud.ready.control}/schedules/reconciler/run?zone=us`, { method: 'POST' });
        return (await us('GET', `/v1/payments/${lost.json.id}`)).json;
      },
      ({ status }) => status !== 'processing',
    );
    expect(settled.status).toBe('captured');
    expect(await chargesOf(cloud, lost.json.id)).toHaveLength(1);
    const again = await pay({ payment_method: 'pm_test_timeout_then_charged' }, key);
    expect(again.text).toBe(lost.text);
  });

  it('20 parallel creates with one key: one id, one charge', async () => {
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 20 }, () => pay({}, key)));
    const bodies = new Set(replies.filter(({ status }) => status === 201).map(({ text }) => text));
    expect(bodies.size).toBe(1);
    for (const { status } of replies) expect([201, 409]).toContain(status);
    expect(await chargesOf(cloud, JSON.parse([...bodies][0] ?? '').id)).toHaveLength(1);
  });

  it('12 racing refunds of 300 on a captured 1000: exactly 3 succeed', async () => {
    const { json } = await pay();
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => us('POST', `/v1/payments/${json.id}/refunds`, { body: { amount: 300 } })),
    );
    expect(replies.filter((reply) => reply.json.status === 'succeeded')).toHaveLength(3);
    expect(await chargesOf(cloud, json.id)).toMatchObject([{ refunded: 900 }]);
  });
});

describe('[DSR-2] customers', () => {
  it('are created, found, changed, pay with what was saved, and are gone when they are deleted', async () => {
    const email = 'Irene@example.com';
    const { json: customer } = await us('POST', '/v1/customers', { body: { name: 'Irene Adler', email } });
    const at = `/v1/customers/${customer.id}`;
    const found = await us('GET', '/v1/customers?email=irene%40EXAMPLE.com');
    expect(found.json.data).toEqual([customer]);
    expect((await us('GET', '/v1/customers')).json.data).toContainEqual(customer);
    const changed = await us('PATCH', at, { body: { name: null } });
    expect(changed.json).toMatchObject({ id: customer.id, name: null, email });
    const methods = `${at}/payment_methods`;
    const { json: method } = await us('POST', methods, { body: { token: 'pm_test_visa' } });
    const { json: another } = await us('POST', methods, { body: { token: 'pm_test_declined' } });
    expect((await us('DELETE', `${methods}/${another.id}`)).status).toBe(200);
    expect((await us('GET', methods)).json.data).toEqual([method]);
    expect((await us('GET', `${methods}/${method.id}`)).json).toEqual(method);
    const { json: payment } = await pay({ customer: customer.id, payment_method: method.id });
    expect(payment).toMatchObject({ status: 'captured', customer: customer.id, payment_method: method.id });
    expect((await us('DELETE', at)).json).toMatchObject({ id: customer.id, status: 'deleted' });
    for (const path of [at, methods]) {
      expect(await us('GET', path)).toMatchObject({ status: 410, json: { code: 'customer_deleted' } });
    }
    expect((await us('GET', `/v1/payments/${payment.id}`)).json).toEqual(payment);
  });
});

describe('[API-1] keys', () => {
  const make = async (body: object) => (await us('POST', '/v1/keys', { body: { name: 'shop', ...body } })).json;
  const list = (secret: string) => send(cloud.ready.api.us, secret, 'GET', '/v1/payments');

  it('that are asked for twice are made once, and their secret is told once', async () => {
    const key = newKey();
    const body = { name: 'shop', scopes: ['payments:read'] };
    const first = await us('POST', '/v1/keys', { key, body });
    const again = await us('POST', '/v1/keys', { key, body });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.json.secret).toMatch(/^sk_test_us_/);
    expect(again.json).toEqual({ ...first.json, secret: null });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('grant their scopes and nothing more', async () => {
    const key = await make({ scopes: ['payments:read'] });
    expect((await list(key.secret)).status).toBe(200);
    const refused = await send(cloud.ready.api.us, key.secret, 'POST', '/v1/payments', { body: visa });
    expect([refused.status, refused.json.code]).toEqual([403, 'scope_missing']);
  });

  it('that are revoked are refused by the next request', async () => {
    const key = await make({ scopes: ['payments:read'] });
    expect((await list(key.secret)).status).toBe(200);
    expect((await us('DELETE', `/v1/keys/${key.id}`)).json.status).toBe('revoked');
    const refused = await list(key.secret);
    expect([refused.status, refused.json.code]).toEqual([401, 'key_revoked']);
  });

  it('that expired are refused', async () => {
    const expires_at = new Date(Date.now() + 5_000).toISOString();
    const key = await make({ scopes: ['payments:read'], expires_at });
    const refused = await eventually(
      () => list(key.secret),
      ({ status }) => status !== 200,
    );
    expect([refused.status, refused.json.code]).toEqual([401, 'key_expired']);
  });

  it('[IAM-3] are refused from addresses that are not theirs', async () => {
    const key = await make({ scopes: ['payments:read'], allowed_addresses: ['203.0.113.0/24'] });
    expect((await list(key.secret)).json.code).toBe('address_not_allowed');
    const home = await make({ scopes: ['payments:read'], allowed_addresses: ['127.0.0.0/8'] });
    expect((await list(home.secret)).status).toBe(200);
  });

  it('rotate with an overlap in which both are good', async () => {
    const key = await make({ scopes: ['payments:read'] });
    const { json: next } = await us('POST', `/v1/keys/${key.id}/rotate`, { body: {} });
    expect(next.rotated_from).toBe(key.id);
    expect([(await list(key.secret)).status, (await list(next.secret)).status]).toEqual([200, 200]);
    const listed = (await us('GET', '/v1/keys?limit=100')).json.data;
    const old = listed.find(({ id }: { id: string }) => id === key.id);
    expect(Date.parse(old.expires_at) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(old.last_used_at).not.toBeNull();
    for (const each of listed) expect(Object.keys(each)).not.toContain('secret');
    expect(JSON.stringify(listed)).not.toMatch(/[sp]k_(?:test|live)_/);
  });

  it('of another zone are told where to go', async () => {
    const eu = cloud.ready.tenants.find(({ zone }) => zone === 'eu');
    const refused = await list(eu?.secret_key ?? '');
    expect(refused.status).toBe(421);
    expect(refused.json).toMatchObject({ code: 'wrong_zone', base_url: `${cloud.ready.api.eu}/v1` });
    expect((await send(cloud.ready.api.eu, eu?.secret_key ?? '', 'GET', '/v1/payments')).status).toBe(200);
  });

  it.each([null, 'x', 'sk_test_us_x'])('%s opens nothing', async (secret) => {
    const refused = await send(cloud.ready.api.us, secret, 'GET', '/v1/payments');
    expect([refused.status, refused.json.code]).toEqual([401, 'credentials_invalid']);
    expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
    expect(refused.headers.get('Strict-Transport-Security')).toContain('max-age=');
  });

  it('[API-1] only an HMAC of a secret is stored, and no secret is logged', async () => {
    const random = mine.secret_key.split('_')[4]?.slice(0, 39) ?? '';
    expect(random).toHaveLength(39);
    for (const file of readdirSync(cloud.state, { recursive: true, withFileTypes: true })) {
      // While it runs, files of a moment come and go.
      if (!file.isFile() || file.name.endsWith('.tmp')) continue;
      const content = readFileSync(join(file.parentPath, file.name));
      expect(content.includes(random), file.name).toBe(false);
      expect(content.includes(createHash('sha256').update(random).digest()), file.name).toBe(false);
    }
  });
});

describe('[RES-1] tenants', () => {
  it('are made by an operator in their zone, and work at once', async () => {
    const body = { name: 'New shop', zone: 'eu' };
    const { eu } = cloud.ready.operator_keys;
    const made = await send(cloud.ready.api.eu, eu, 'POST', '/v1/tenants', { body });
    expect(made.status).toBe(201);
    expect(made.json.id).toMatch(/^ten_eu_/);
    const payment = await send(cloud.ready.api.eu, made.json.secret_key, 'POST', '/v1/payments', { body: visa });
    expect(payment.json).toMatchObject({ status: 'captured' });
    expect(payment.json.id).toMatch(/^pay_eu_/);
    const renamed = await send(cloud.ready.api.eu, eu, 'PATCH', `/v1/tenants/${made.json.id}`, {
      body: { name: 'Old shop' },
    });
    expect(renamed.json).toMatchObject({ name: 'Old shop', zone: 'eu' });
    expect((await send(cloud.ready.api.eu, eu, 'GET', `/v1/tenants/${made.json.id}`)).json).toEqual(renamed.json);
    const moved = await send(cloud.ready.api.eu, eu, 'PATCH', `/v1/tenants/${made.json.id}`, { body: { zone: 'us' } });
    expect(moved.status).toBe(400);
  });

  it('see nothing of each other', async () => {
    const { json } = await pay();
    const found = await send(cloud.ready.api.us, neighbour.secret_key, 'GET', `/v1/payments/${json.id}`);
    expect([found.status, found.json.code]).toEqual([404, 'payment_not_found']);
  });
});

describe('[WHK-2] events', () => {
  it('tell each committed fact once, in a sequence without gaps', async () => {
    const { json: payment } = await pay({ capture_method: 'manual' });
    await us('POST', `/v1/payments/${payment.id}/captures`, { body: {} });
    const ofPayment = async () =>
      (await us('GET', '/v1/events?limit=100')).json.data
        .filter(({ aggregate_id }: { aggregate_id: string }) => aggregate_id === payment.id)
        .reverse();
    const events = await eventually(ofPayment, (found) => found.length >= 4);
    expect(events.map(({ type, sequence }: { type: string; sequence: number }) => [sequence, type])).toEqual([
      [1, 'payment.created'],
      [2, 'payment.authorized'],
      [3, 'capture.created'],
      [4, 'capture.succeeded'],
    ]);
    const [first] = events;
    expect((await us('GET', `/v1/events/${first.id}`)).json).toEqual(first);
    expect(first.data).toMatchObject({ object: 'payment', status: 'processing' });
    expect(JSON.stringify(events)).not.toMatch(/body_digest|lease|tenant"|reply|address/);
  });
});

describe('[AUD-1] the trail', () => {
  it('holds one entry and one event for every fact that this suite committed', async () => {
    const { events, entries, sequences } = await eventually(
      () => recordedFacts(cloud, mine.secret_key),
      (found) => found.events.length === found.entries.length && found.sequences.every(withoutGaps),
    );
    expect(events.length).toBeGreaterThan(30);
    expect(new Set(events).size).toBe(events.length);
    expect(entries).toEqual(events);
    expect(sequences.filter((sequence) => !withoutGaps(sequence))).toEqual([]);
  });

  it('shows a refusal by its code, and to nobody else', async () => {
    const { json } = await us('GET', `/v1/payments/pay_us_${'a'.repeat(26)}`);
    expect(json.code).toBe('payment_not_found');
    const own = await us('GET', `/v1/audit_entries?target=pay_us_${'a'.repeat(26)}`);
    expect(own.json.data.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual(['refused', 'requested']);
    expect(own.json.data[0]).toMatchObject({ address: '127.0.0.1', actor: { kind: 'key' } });
    const theirs = await send(cloud.ready.api.us, neighbour.secret_key, 'GET', '/v1/audit_entries?limit=100');
    expect(theirs.text).not.toContain(`pay_us_${'a'.repeat(26)}`);
  });
});

describe('[API-3] the gateway’s own answers', () => {
  it.each([
    ['GET', '/v1/nope', 404, 'route_unknown'],
    ['PUT', '/v1/payments', 405, 'method_not_allowed'],
    ['GET', '/', 404, 'route_unknown'],
    ['GET', '/v1/payments/%20', 404, 'payment_not_found'],
    ['GET', '/v1/payments/%zz', 400, 'request_invalid'],
  ])('%s %s: %s %s, as a problem', async (method, path, status, code) => {
    const reply = await us(method, path);
    expect([reply.status, reply.json.code]).toEqual([status, code]);
    expect(reply.headers.get('Content-Type')).toBe('application/problem+json');
    expect(reply.headers.get('X-Request-Id')).toBe(reply.json.request_id);
    expect(reply.headers.get('Strict-Transport-Security')).toContain('max-age=');
  });

  it('300 KB are too much', async () => {
    const reply = await us('POST', '/v1/payments', { body: { ...visa, description: 'a'.repeat(300 * 1024) } });
    expect([reply.status, reply.json.code]).toEqual([413, 'body_too_large']);
  });
});
