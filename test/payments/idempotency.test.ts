// Repeats and races of whole requests, through pipeline, rules, store and processor.

import { PutItemCommand, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/capabilities.ts';
import { listEvents } from '../../contract/events/operations.ts';
import {
  capturePayment,
  createPayment,
  getPayment,
  refundPayment,
  voidPayment,
} from '../../contract/payments/operations.ts';
import { createKey, createTenant, rotateKey } from '../../contract/tenants/operations.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { routes as tenantRoutes } from '../../lambdas/functions/tenants.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { caller, merchant, operator, type Reply, realMerchant, type Sent } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let call: Record<'money' | 'read' | 'tenants', (operation: Operation, sent: Sent) => Promise<Reply>>;
let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

beforeAll(async () => {
  runtime = await openRuntime();
  const { platform } = runtime;
  call = {
    money: caller(serve(moneyPorts(recorded(platform, 'money')), moneyRoutes)),
    read: caller(apiHandler(() => everyPort(platform))),
    tenants: caller(serve(portsOf(recorded(platform, 'tenants')), tenantRoutes)),
  };
});
afterAll(() => runtime.stop());

const visa = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const pay = (body: object = visa, key = newKey()) => call.money(createPayment, { key, body });
const charges = async (payment: string): Promise<{ amount: number; captured: number; refunded: number }[]> =>
  ((await (await fetch(`${runtime.provider}/charges?reference=${payment}`)).json()) as { data: [] }).data;

/** Puts meet a transaction that is under way; DynamoDB then does not say what is there. */
const whileTransactionsRun = (platform: Platform): Platform => ({
  ...platform,
  dynamodb: new Proxy(platform.dynamodb, {
    get(target, property) {
      if (property !== 'send') return Reflect.get(target, property, target);
      return (command: Parameters<typeof target.send>[0]) =>
        command instanceof PutItemCommand && command.input.TableName === platform.config.table('payments')
          ? Promise.reject(new TransactionConflictException({ message: 'Transaction is ongoing', $metadata: {} }))
          : target.send(command);
    },
  }),
});

describe('[PAY-1] a repeat', () => {
  it('that meets a transaction on its payment reads the payment, and gets the first reply', async () => {
    const key = newKey();
    const first = await pay(visa, key);
    const busy = recorded(whileTransactionsRun(runtime.platform), 'money');
    const again = await caller(serve(moneyPorts(busy), moneyRoutes))(createPayment, { key, body: visa });
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
    expect(await charges(first.json.id)).toHaveLength(1);
  });

  it('gets the first reply, byte for byte, and nothing is charged again', async () => {
    const key = newKey();
    const first = await pay(visa, key);
    expect(first.statusCode).toBe(201);
    expect(first.json).toMatchObject({
      object: 'payment',
      status: 'captured',
      amount_captured: 1000,
      last_error: null,
    });
    expect(first.headers).not.toHaveProperty('Idempotent-Replayed');
    const again = await pay({ payment_method: 'pm_test_visa', currency: 'EUR', amount: 1000.0 }, key);
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
    expect(await charges(first.json.id)).toHaveLength(1);
  });

  it('with another body is refused, and changes nothing', async () => {
    const key = newKey();
    const first = await pay(visa, key);
    const other = await pay({ ...visa, amount: 1001 }, key);
    expect(other.statusCode).toBe(422);
    expect(other.json.code).toBe('idempotency_mismatch');
    expect(await charges(first.json.id)).toHaveLength(1);
  });

  it('is not changed by a refund in between', async () => {
    const key = newKey();
    const first = await pay(visa, key);
    const params = { payment_id: first.json.id };
    expect((await call.money(refundPayment, { key: newKey(), params, body: { amount: 400 } })).json.status).toBe(
      'succeeded',
    );
    expect((await pay(visa, key)).body).toBe(first.body);
    expect((await call.read(getPayment, { params })).json.amount_refunded).toBe(400);
  });

  it('of a decline is the same decline', async () => {
    const key = newKey();
    const declined = { ...visa, payment_method: 'pm_test_insufficient_funds' };
    const first = await pay(declined, key);
    expect(first.json).toMatchObject({
      status: 'failed',
      last_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
    });
    expect((await pay(declined, key)).body).toBe(first.body);
  });

  it('with the same key on another path is another request', async () => {
    const key = newKey();
    const first = await pay({ ...visa, capture_method: 'manual' }, key);
    const capture = await call.money(capturePayment, { key, params: { payment_id: first.json.id }, body: {} });
    expect(capture.json).toMatchObject({
      object: 'capture',
      status: 'succeeded',
      amount: 1000,
      payment: first.json.id,
    });
  });

  it('of a refusal is decided anew', async () => {
    const { json } = await pay({ ...visa, capture_method: 'manual' });
    const params = { payment_id: json.id };
    const key = newKey();
    const refused = await call.money(refundPayment, { key, params, body: {} });
    expect(refused.json.code).toBe('payment_not_refundable');
    await call.money(capturePayment, { key: newKey(), params, body: {} });
    expect((await call.money(refundPayment, { key, params, body: {} })).statusCode).toBe(201);
  });

  it('never shows a secret twice', async () => {
    const key = newKey();
    const body = { name: 'shop', scopes: ['payments:read'] };
    const authorizer = await realMerchant(call.tenants);
    const first = await call.tenants(createKey, { key, body, authorizer });
    expect(first.json.secret).toMatch(/^sk_test_us_/);
    const again = await call.tenants(createKey, { key, body, authorizer });
    expect(again.json).toEqual({ ...first.json, secret: null });
    const params = { key_id: first.json.id };
    const rotateWith = newKey();
    const rotated = await call.tenants(rotateKey, { key: rotateWith, params, body: {}, authorizer });
    expect(rotated.json.secret).toMatch(/^sk_test_us_/);
    const rotatedAgain = await call.tenants(rotateKey, { key: rotateWith, params, body: {}, authorizer });
    expect(rotatedAgain.json).toEqual({ ...rotated.json, secret: null });
    const tenant = { key: newKey(), body: { name: 'Acme', zone: 'us' }, authorizer: operator };
    const made = await call.tenants(createTenant, tenant);
    expect(made.json.secret_key).toMatch(/^sk_test_us_/);
    expect((await call.tenants(createTenant, tenant)).json).toEqual({ ...made.json, secret_key: null });
  });
});

describe('[PAY-1] races', () => {
  it('20 parallel creates with one key: one id, one charge, the losers 409 or the same bytes', async () => {
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 20 }, () => pay(visa, key)));
    const created = replies.filter(({ statusCode }) => statusCode === 201);
    expect(new Set(created.map(({ body }) => body)).size).toBe(1);
    for (const { statusCode, json, headers } of replies) {
      if (statusCode === 201) continue;
      expect(statusCode).toBe(409);
      expect(json.code).toBe('idempotency_in_progress');
      expect(Number(headers?.['Retry-After'])).toBeGreaterThan(0);
    }
    expect(await charges(created[0]?.json.id)).toHaveLength(1);
  });

  it('12 racing refunds of 300 on a captured 1000: exactly 3 succeed', async () => {
    const params = { payment_id: (await pay()).json.id };
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => call.money(refundPayment, { key: newKey(), params, body: { amount: 300 } })),
    );
    expect(replies.filter(({ json }) => json.status === 'succeeded')).toHaveLength(3);
    expect(replies.filter(({ json }) => json.code === 'amount_exceeds_captured')).toHaveLength(9);
    expect((await call.read(getPayment, { params })).json.amount_refunded).toBe(900);
    expect((await charges(params.payment_id))[0]?.refunded).toBe(900);
  });

  it('racing captures and voids never exceed what is authorized', async () => {
    const params = { payment_id: (await pay({ ...visa, capture_method: 'manual' })).json.id };
    await Promise.all([
      ...Array.from({ length: 6 }, () => call.money(capturePayment, { key: newKey(), params, body: { amount: 300 } })),
      ...Array.from({ length: 3 }, () => call.money(voidPayment, { key: newKey(), params, body: {} })),
    ]);
    const { json } = await call.read(getPayment, { params });
    expect(json.amount_captured + json.amount_voided).toBeLessThanOrEqual(1000);
    const [charge] = await charges(params.payment_id);
    expect(charge?.captured).toBe(json.amount_captured);
  });
});

describe('[PAY-1] the processor is down or slow', () => {
  it('a known "not charged" is sent again under the next key, once', async () => {
    const { json } = await pay({ ...visa, payment_method: 'pm_test_overloaded_once' });
    expect(json.status).toBe('captured');
    expect(await charges(json.id)).toHaveLength(1);
    const sends = runtime.lines.filter(({ fields }) => fields.object === json.id && fields.provider_fact);
    expect(sends.map(({ fields }) => [fields.attempt, fields.provider_fact])).toEqual([
      [1, 'not_charged'],
      [2, 'approved'],
    ]);
  });
});

describe('[API-1] nobody’s business', () => {
  it('another tenant’s or mode’s payment is not found, whatever is asked of it', async () => {
    const params = { payment_id: (await pay()).json.id };
    for (const authorizer of [
      { ...merchant, tenant: 'ten_us_bbbbbbbbbbbbbbbbbbbbbbbbbb' },
      { ...merchant, mode: 'live' },
    ]) {
      expect((await call.read(getPayment, { params, authorizer })).statusCode).toBe(404);
      const refund = await call.money(refundPayment, { key: newKey(), params, body: {}, authorizer });
      expect(refund.json.code).toBe('payment_not_found');
    }
    const events = await call.read(listEvents, {
      authorizer: { ...merchant, tenant: 'ten_us_bbbbbbbbbbbbbbbbbbbbbbbbbb' },
    });
    expect(events.json.data).toEqual([]);
  });
});
