// The adapter and the notifications against the stand-in for Adyen: what it refuses, what it tells later of what it received, what
// is done in its Customer Area or by Adyen itself; and that the stand-in says nothing in fields that Adyen has not.

import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { disputeStages } from '../../lambdas/processors/adyen/event_codes.ts';
import { adyenNotifications } from '../../lambdas/processors/adyen/notifications.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';
import type { NotificationEffect } from '../../lambdas/processors/notification.ts';
import { documented } from '../../processor/stand_ins/adyen_refusals.ts';
import {
  AdyenStub,
  adyenKey,
  hmacKey,
  merchantAccount,
  messageOf,
  storedCard,
} from '../../processor/stand_ins/adyen_stub.ts';
import { NotifiedPayment } from './notified_payment.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';
import { adyenAdapter } from './stub_adapters.ts';

const stub = new AdyenStub();
beforeAll(() => stub.start());
afterAll(() => stub.server.stop());
afterEach(() => {
  Object.assign(stub.account, { keyRevoked: false, roleMissing: false, methodMissing: null });
  stub.items.length = 0;
});

const send = (order: Order, account?: string) =>
  adyenAdapter(stub, account === undefined ? {} : { account }).send(order, `${order.id}.1`, 20_000);
const drain = () =>
  stub.items.splice(0).flatMap((each) => {
    const received = adyenNotifications(merchantAccount, 'test').receive(
      messageOf(each),
      () => undefined,
      [new Secret(hmacKey)],
      0,
    );
    if ('refused' in received) throw new Error(received.refused);
    return received.notifications;
  });
const effects = (): NotificationEffect[] => drain().map(({ effect }) => effect);

async function authorized() {
  const payment = new NotifiedPayment(storedCard('approved'), 'manual');
  await send(payment.order);
  const hear = (): void => {
    for (const notification of drain()) payment.notify(notification);
  };
  hear();
  const { charge } = payment.payment;
  if (charge === null) throw new Error('not authorized');
  return { payment, charge, hear };
}

describe('[PAY-1] what Adyen refuses at once moves nothing', () => {
  test.for([
    ['a key that was revoked', { keyRevoked: true }, 'misconfigured'],
    ['a key that lacks its role', { roleMissing: true }, 'misconfigured'],
    ['a method that is not set up', { methodMissing: 422 }, 'misconfigured'],
    ['a method that is not set up, answered as a fault', { methodMissing: 500 }, 'misconfigured'],
  ] as const)('%s: the set-up is said to be wrong', async ([, state, kind]) => {
    Object.assign(stub.account, state);
    const order = chargeOrder(storedCard('approved'));
    expect(await send(order)).toEqual({ kind });
    expect(stub.chargesOf(order.reference)).toEqual([]);
    Object.assign(stub.account, { keyRevoked: false, roleMissing: false, methodMissing: null });
    expect(await send(order)).toMatchObject({ kind: 'approved' });
  });

  test('another merchant account: the set-up is said to be wrong', async () => {
    const order = chargeOrder(storedCard('approved'));
    expect(await send(order, 'NobodysECOM')).toEqual({ kind: 'misconfigured' });
    expect(stub.chargesOf(order.reference)).toEqual([]);
  });

  test('a payment that Adyen does not know is refused for good', async () => {
    const order = chargeOrder(storedCard('approved'));
    for (const kind of ['capture', 'refund', 'void'] as const) {
      expect(await send(modificationOrder(kind, order, 'PSPNOBODY', 100))).toMatchObject({ kind: 'declined' });
    }
    expect(stub.items).toEqual([]);
  });

  test.for([
    [{ applePay: true }, 400, '702'],
    [{ amount: undefined }, 422, '100'],
    [{ reference: undefined }, 422, '130'],
    [{ merchantAccount: undefined }, 403, '901'],
  ] as const)('a request with %j is none', async ([changes, status, errorCode]) => {
    await send(chargeOrder(storedCard('approved')));
    const sent = JSON.parse(stub.server.calls.at(-1)?.body ?? '{}');
    const reply = await fetch(`${stub.server.url}/v71/payments`, {
      method: 'POST',
      headers: { 'x-api-key': adyenKey, 'idempotency-key': `other-${errorCode}` },
      body: JSON.stringify({ ...sent, ...changes }),
    });
    expect([reply.status, await reply.json()]).toEqual([status, expect.objectContaining({ errorCode })]);
  });
});

describe('[PAY-2] what Adyen received and could not do fails when it says so', () => {
  test('a capture above what was authorized, and one more of what was captured whole', async () => {
    const { payment, charge, hear } = await authorized();
    const whole = payment.request('capture', 1000);
    // Somebody was faster in the Customer Area.
    stub.customerArea.capture(charge, 1);
    drain();
    expect(await send(whole)).toEqual({ kind: 'pending', charge });
    hear();
    expect(payment.end).toMatchObject({ amounts: { amount_captured: 0, capture_reserved: 0 } });
    expect(payment.end.modifications).toEqual(['capture 1000 failed']);
  });

  test('a void of what was captured whole', async () => {
    const { payment, charge, hear } = await authorized();
    const release = payment.request('void', 1000);
    stub.customerArea.capture(charge, 1000);
    drain();
    expect(await send(release)).toEqual({ kind: 'pending', charge });
    hear();
    expect(payment.end.modifications).toEqual(['void 1000 failed']);
    expect(payment.end.amounts).toMatchObject({ amount_voided: 0 });
  });

  test('a refund above what is left of what was captured', async () => {
    const { payment, charge, hear } = await authorized();
    await send(payment.request('capture', 600));
    hear();
    stub.customerArea.refund(charge, 100);
    drain();
    expect(await send(payment.request('refund', 600))).toEqual({ kind: 'pending', charge });
    hear();
    expect(payment.end.amounts).toMatchObject({ amount_captured: 600, amount_refunded: 0, refund_reserved: 0 });
    expect(payment.end.modifications).toContain('refund 600 failed');
  });
});

describe('[PAY-2] what nobody here asked for is told as Adyen tells it', () => {
  test('captures and refunds in the Customer Area, each under its own reference, and a rejected review', async () => {
    const { charge } = await authorized();
    const capture = stub.customerArea.capture(charge, 700);
    const refund = stub.customerArea.refund(charge, 200);
    stub.fails(refund);
    stub.customerArea.refund(charge, 701);
    stub.customerArea.cancelOrRefund(charge);
    const elsewhere = { kind: 'moved_elsewhere', ofAll: false } as const;
    expect(effects()).toEqual([
      { ...elsewhere, object: 'capture', id: capture, failed: false },
      { ...elsewhere, object: 'refund', id: refund, failed: false },
      { ...elsewhere, object: 'refund', id: refund, failed: true },
      { kind: 'ignored' },
      { kind: 'returned', id: expect.stringMatching(/^PSP/) },
    ]);
    expect(stub.chargesOf(stub.payments.at(-1)?.reference ?? '')).toMatchObject([{ captured: 700, refunded: 700 }]);
  });

  test('a capture of ours that failed is captured anew under another reference', async () => {
    const { payment, charge } = await authorized();
    await send(payment.request('capture', 400));
    const execution = stub.items.at(-1)?.pspReference ?? '';
    stub.fails(execution);
    const again = stub.recaptures(execution);
    expect(again).not.toBe(execution);
    expect(effects()).toEqual([
      { kind: 'approved', charge, captured: true, execution },
      { kind: 'reversed', execution },
      { kind: 'approved', charge, captured: true, execution: again },
    ]);
  });

  test.for(Object.keys(disputeStages))('a dispute: %s', async (code) => {
    const { charge } = await authorized();
    stub.disputes(charge, 'DISPUTE1', code);
    expect(effects()).toEqual([{ kind: 'disputed', dispute: 'DISPUTE1', ...disputeStages[code] }]);
  });
});

test('the stand-in answers and tells in the fields, and with the codes, of Adyen’s own library', async () => {
  const { charge } = await authorized();
  const order = chargeOrder(storedCard('challenge'));
  const answers: [string, string, object][] = [
    ['payments', 'PaymentResponse', {}],
    [`payments/${charge}/captures`, 'PaymentCaptureResponse', { amount: { value: 10, currency: 'EUR' } }],
    [`payments/${charge}/refunds`, 'PaymentRefundResponse', { amount: { value: 10, currency: 'EUR' } }],
    [`payments/${charge}/cancels`, 'PaymentCancelResponse', {}],
    ['payments/NOBODY/cancels', 'ServiceError', {}],
  ];
  await send(order);
  const charged = JSON.parse(stub.server.calls.at(-1)?.body ?? '{}');
  for (const [path, model, body] of answers) {
    const reply = await fetch(`${stub.server.url}/v71/${path}`, {
      method: 'POST',
      headers: { 'x-api-key': adyenKey, 'idempotency-key': `shape-${model}` },
      body: JSON.stringify(path === 'payments' ? charged : { merchantAccount, reference: 'x', ...body }),
    });
    const names = Object.keys((await reply.json()) as object);
    expect(names.length, model).toBeGreaterThan(1);
    expect(
      names.filter((name) => !documented('checkout', model).includes(name)),
      model,
    ).toEqual([]);
  }
  stub.disputes(charge, 'DISPUTE2', 'CHARGEBACK');
  const { NotificationRequestItem } = createRequire(import.meta.url)(
    '@adyen/api-library/lib/src/typings/notification/notificationRequestItem.js',
  );
  const codes: unknown[] = Object.values(NotificationRequestItem.EventCodeEnum);
  expect(stub.items.length).toBeGreaterThan(3);
  for (const item of stub.items) {
    const names = documented('notification', 'NotificationRequestItem');
    expect(Object.keys(item).filter((name) => !names.includes(name))).toEqual([]);
    expect(codes).toContain(item.eventCode);
  }
});
