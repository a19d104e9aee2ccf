// Captures, refunds and voids as requests: repeated, raced, listed and looked at, by their tenant alone.

import { TransactionConflictException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operation, operations } from '../../contract/capabilities.ts';
import { commitLimits } from '../../contract/kernel/limits.ts';
import * as payments from '../../contract/payments/operations.ts';
import { routes as moneyRoutes } from '../../lambdas/functions/money.ts';
import { routes as readRoutes } from '../../lambdas/functions/payments_read.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { loadWithModification } from '../../lambdas/payments/store.ts';
import { caller, merchant, other, type Reply, type Sent } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';

let runtime: RuntimeFixture;
let money: (operation: Operation, sent: Sent) => Promise<Reply>;
let read: (id: string, sent: Sent) => Promise<Reply>;
let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `modification-${keys}`;
};
const operationOf = (id: string): Operation => {
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`there is no operation ${id}`);
  return found;
};

beforeAll(async () => {
  runtime = await openRuntime();
  const ports = moneyPorts(runtime.platform);
  money = caller(serve(ports, moneyRoutes));
  const reads = caller(serve(ports, readRoutes));
  read = (id, sent) => reads(operationOf(id), sent);
});
afterAll(() => runtime.stop());

const authorize = async (): Promise<string> => {
  const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa', capture_method: 'manual' };
  return (await money(payments.createPayment, { key: newKey(), body })).json.id;
};
const capture = async (payment_id: string, amount: number, key = newKey()): Promise<Reply> =>
  money(payments.capturePayment, { key, params: { payment_id }, body: { amount } });

describe('[PAY-1] a modification', () => {
  it('that is repeated gets the first reply, and moves nothing again', async () => {
    const payment = await authorize();
    const key = newKey();
    const first = await capture(payment, 300, key);
    expect(first.json).toMatchObject({ status: 'succeeded', amount: 300 });
    const again = await capture(payment, 300, key);
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true');
    expect((await capture(payment, 301, key)).json.code).toBe('idempotency_mismatch');
    const { json } = await read('payments/get', { params: { payment_id: payment } });
    expect(json.amount_captured).toBe(300);
  });

  it('keeps sealed fields where it takes some: a refund its reason, and no other anything', async () => {
    const payment_id = await authorize();
    const done = await capture(payment_id, 300);
    const refund = { key: newKey(), params: { payment_id }, body: { amount: 100 } };
    const refunded = await money(payments.refundPayment, refund);
    const textsOf = async (id: string) =>
      (await loadWithModification(runtime.platform, payment_id, id)).modification?.value.sealed_fields;
    expect(await textsOf(done.json.id)).toBeNull();
    expect(await textsOf(refunded.json.id)).toBeInstanceOf(Uint8Array);
  });

  it('that is refused leaves nothing behind', async () => {
    const payment_id = await authorize();
    expect((await capture(payment_id, 1001)).json.code).toBe('amount_exceeds_authorized');
    expect((await read('captures/list', { params: { payment_id } })).json.data).toEqual([]);
  });

  it('of a payment that is not there, or not the caller’s, is refused', async () => {
    expect((await capture(`pay_us_${'a'.repeat(26)}`, 1)).json.code).toBe('payment_not_found');
    const params = { payment_id: await authorize() };
    const stranger = await money(payments.capturePayment, { key: newKey(), params, body: {}, authorizer: other });
    expect(stranger.json.code).toBe('payment_not_found');
  });

  it('that others are always faster than is tried a bounded number of times, and refused for now', async () => {
    const payment_id = await authorize();
    let tries = 0;
    const busy: Platform = {
      ...runtime.platform,
      sleep: async () => {},
      dynamodb: new Proxy(runtime.platform.dynamodb, {
        get(target, property) {
          if (property !== 'send') return Reflect.get(target, property, target);
          return async (command: Parameters<typeof target.send>[0]) => {
            if (!(command instanceof TransactWriteItemsCommand)) return target.send(command);
            tries += 1;
            throw new TransactionConflictException({ message: 'Transaction is ongoing', $metadata: {} });
          };
        },
      }),
    };
    const refused = await caller(serve(moneyPorts(busy), moneyRoutes))(payments.capturePayment, {
      key: newKey(),
      params: { payment_id },
      body: {},
    });
    expect([refused.statusCode, refused.json.code]).toEqual([503, 'unavailable']);
    expect(refused.headers).toHaveProperty('Retry-After', '1');
    expect(tries).toBe(commitLimits.tries);
  });
});

describe('[API-1] reads of modifications', () => {
  it('show each by its id, beside its payment, to its tenant alone', async () => {
    const payment_id = await authorize();
    const { json } = await capture(payment_id, 300);
    const params = { payment_id, capture_id: json.id };
    expect((await read('captures/get', { params })).json).toEqual(json);
    const code = async (sent: Sent, id = 'captures/get') => (await read(id, sent)).json.code;
    expect(await code({ params, authorizer: other })).toBe('payment_not_found');
    expect(await code({ params, authorizer: { ...merchant, mode: 'live' } })).toBe('payment_not_found');
    expect(await code({ params: { ...params, payment_id: `pay_us_${'a'.repeat(26)}` } })).toBe('payment_not_found');
    expect(await code({ params: { ...params, payment_id: await authorize() } })).toBe('capture_not_found');
    expect(await code({ params: { ...params, capture_id: `cap_us_${'a'.repeat(26)}` } })).toBe('capture_not_found');
    expect(await code({ params: { payment_id, refund_id: json.id } }, 'refunds/get')).toBe('refund_not_found');
  });

  it('list them newest first, page by page, each once, to their tenant alone', async () => {
    const payment_id = await authorize();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.push((await capture(payment_id, 100)).json.id);
      runtime.advance(5);
    }
    await money(payments.refundPayment, { key: newKey(), params: { payment_id }, body: { amount: 1 } });
    const params = { payment_id };
    const ids = ({ json }: Reply): string[] => json.data.map(({ id }: { id: string }) => id);
    expect(ids(await read('captures/list', { params }))).toEqual(made.toReversed());
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < 5; pages += 1) {
      const page: Reply = await read('captures/list', { params, query: { limit: '2', ...(cursor && { cursor }) } });
      seen.push(...ids(page));
      cursor = page.json.next_cursor;
      if (cursor === null) break;
      const query = { cursor };
      const elsewhere = [{ payment_id: await authorize() }, params] as const;
      expect((await read('captures/list', { params: elsewhere[0], query })).json.code).toBe('cursor_invalid');
      expect((await read('refunds/list', { params: elsewhere[1], query })).json.code).toBe('cursor_invalid');
    }
    expect(seen).toEqual(made.toReversed());
    expect(ids(await read('refunds/list', { params }))).toHaveLength(1);
    expect((await read('captures/list', { params, authorizer: other })).json.code).toBe('payment_not_found');
    const nowhere = { payment_id: `pay_us_${'a'.repeat(26)}` };
    expect((await read('captures/list', { params: nowhere })).json.code).toBe('payment_not_found');
  });
});
