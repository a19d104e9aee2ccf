// A processor's notification, end to end: the test processor signs, the gateway hands the bytes over, the ingress verifies and
// stores them, and `processor_events` applies them to the payment.

import { beforeAll, expect, it } from 'vitest';
import { eventually, type HttpReply, newTenant, type SharedCloud, send, sharedCloud } from '../kit/cloud.ts';

let cloud: SharedCloud;
let key: string;
let connection: { readonly id: string; readonly ingress_url: string; readonly webhook_secret: string };

const call = (method: string, path: string, body?: object): Promise<HttpReply> =>
  send(cloud.ready.api.us, key, method, path, body === undefined ? {} : { body });

beforeAll(async () => {
  cloud = await sharedCloud();
  key = (await newTenant(cloud, 'us')).secret_key;
  connection = (await call('POST', '/v1/connections/providers', { provider: 'test' })).json;
  expect(connection.webhook_secret).toMatch(/^whsec_/);
  const { ingress_url: url, webhook_secret: secret } = connection;
  const added = await fetch(`${cloud.ready.provider}/webhook_endpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, secret, references: 'pay_us_' }),
  });
  expect(added.ok).toBe(true);
});

it('[PAY-2] what the processor tells of a payment changes it, without anybody asking', async () => {
  const money = { amount: 1999, currency: 'EUR', payment_method: 'pm_test_dispute_fraud' };
  const body = { ...money, connection: connection.id };
  const { json: payment } = await call('POST', '/v1/payments', body);
  const changed = await eventually(
    () => call('GET', `/v1/payments/${payment.id}`),
    ({ json }) => json.disputed,
  );
  expect(changed.json).toMatchObject({ status: 'captured', disputed: true });
});

it('[PAY-2] what the processor did not sign is refused, in the trail too, and changes nothing', async () => {
  const forged = JSON.stringify({ id: 'evt_forged', type: 'charge.disputed' });
  const reply = await fetch(connection.ingress_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'test-processor-signature': `t=1,v1=${'0'.repeat(64)}` },
    body: forged,
  });
  expect(reply.status).toBe(401);
  const entries = await call('GET', `/v1/audit_entries?target=${connection.id}`);
  const outcomes = entries.json.data.map((entry: { outcome: string }) => entry.outcome);
  expect(outcomes).toContain('refused');
  const nowhere = connection.ingress_url.replace(connection.id, `conn_us_${'a'.repeat(26)}`);
  expect((await fetch(nowhere, { method: 'POST', body: forged })).status).toBe(404);
});

it('[ENC-4] a connection is read and listed without its secret, and is no way in once it is deleted', async () => {
  const read = await call('GET', `/v1/connections/providers/${connection.id}`);
  const list = await call('GET', '/v1/connections/providers');
  expect(read.json.id).toBe(connection.id);
  expect(list.json.data).toHaveLength(1);
  expect(JSON.stringify([read.json, list.json])).not.toContain(connection.webhook_secret);
  expect((await call('DELETE', `/v1/connections/providers/${connection.id}`)).json.status).toBe('deleted');
  const late = await eventually(
    () => fetch(connection.ingress_url, { method: 'POST', body: '{}' }),
    ({ status }) => status === 404,
  );
  expect(late.status).toBe(404);
});
