// What the adapters ask and take where a payer chooses how to pay: requests and answers in the providers' documented shapes.

import { describe, expect, it, test } from 'vitest';
import { factOfSend as adyenFact, factOfConfirmation, factOfSession } from '../../lambdas/processors/adyen/facts.ts';
import { confirmation, post } from '../../lambdas/processors/adyen/requests.ts';
import type { Order } from '../../lambdas/processors/domain/fact.ts';
import { factFor, type Notification } from '../../lambdas/processors/notification.ts';
import { declined, unknown } from '../../lambdas/processors/outcomes.ts';
import { factOfSend as stripeFact } from '../../lambdas/processors/stripe/facts.ts';
import { sessionForm } from '../../lambdas/processors/stripe/requests.ts';
import { documented } from '../../processor/stand_ins/adyen_refusals.ts';
import { paymentIntent } from '../../processor/stand_ins/stripe_objects.ts';
import { chargeOrder } from './processor_process.ts';

const expires_at = '2026-12-01T12:00:00.000Z';
const order: Order = { ...chargeOrder('pm_none', { payment_method: null, capture: false }), expires_at, held: null };
const account = { merchantAccount: 'StrongroomECOM', clientKey: 'test_KEY' };

describe('[PAY-1] a PaymentIntent that its payer confirms', () => {
  const intent = paymentIntent({
    id: 'pi_1',
    status: 'requires_payment_method',
    client_secret: 'pi_1_secret_2',
    amount: 1000,
    amount_capturable: 0,
    amount_received: 0,
    currency: 'eur',
    capture_method: 'manual',
    last_payment_error: null,
    next_action: null,
    metadata: { reference: order.reference, order: order.id },
  });
  const client = { provider: 'stripe', publishable_key: 'pk_test_1', client_secret: 'pi_1_secret_2' };

  it('is opened without a payment method, a confirmation or a way back', () => {
    const form = sessionForm(order);
    expect(form).toMatchObject({ amount: '1000', currency: 'eur', capture_method: 'manual' });
    expect(Object.keys(form)).not.toContain('payment_method');
    expect(Object.keys(form)).not.toContain('confirm');
    expect(Object.keys(form)).not.toContain('return_url');
  });

  it('gives the page its client secret and the account’s publishable key', () => {
    const opened = { kind: 'requires_payment_method', charge: 'pi_1', client, failed: null };
    expect(stripeFact(order, { status: 200, body: intent }, 'pk_test_1')).toEqual(opened);
    const of = (changes: object) => stripeFact(order, { status: 200, body: { ...intent, ...changes } }, 'pk_test_1');
    expect(of({ amount: 999 })).toEqual(unknown);
    expect(of({ metadata: {} })).toEqual(unknown);
    const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds' };
    expect(of({ last_payment_error })).toMatchObject({ client, failed: { declineCode: 'insufficient_funds' } });
    expect(of({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } })).toEqual({
      kind: 'requires_component',
      charge: 'pi_1',
      client,
    });
    expect(of({ status: 'canceled' })).toMatchObject({ kind: 'declined', ended: true });
  });
});

describe('[PAY-1] a session of Adyen', () => {
  const session = {
    id: 'CS451F2AB1ED897A94',
    sessionData: 'Ab02b4c0',
    reference: order.reference,
    merchantAccount: account.merchantAccount,
    amount: { value: 1000, currency: 'EUR' },
    expiresAt: expires_at,
  };

  it('is opened with fields that Adyen documents, until the payment’s own end', () => {
    const body = JSON.parse(post(order, 'k.1', account).content?.text ?? '');
    expect(body).toEqual({
      merchantAccount: account.merchantAccount,
      reference: order.reference,
      amount: session.amount,
      returnUrl: 'https://pay.example/return',
      channel: 'Web',
      additionalData: { manualCapture: 'true' },
      expiresAt: expires_at,
    });
    const known = documented('checkout', 'CreateCheckoutSessionRequest');
    expect(Object.keys(body).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('gives the page its id and data, and nothing where it is of another order', () => {
    const of = (changes: object) => adyenFact(order, account, { status: 201, body: { ...session, ...changes } });
    expect(of({})).toEqual({
      kind: 'requires_payment_method',
      charge: session.id,
      client: {
        provider: 'adyen',
        client_key: 'test_KEY',
        session: { id: session.id, data: 'Ab02b4c0' },
        action: null,
      },
      failed: null,
    });
    for (const wrong of [{ reference: 'x' }, { merchantAccount: 'x' }, { amount: { value: 1, currency: 'EUR' } }]) {
      expect(of(wrong)).toEqual(unknown);
    }
    expect(of({ sessionData: undefined })).toEqual(unknown);
  });

  const held: Order = { ...order, held: session.id };
  const paid = { pspReference: 'PSP1', resultCode: 'Authorised', amount: session.amount };
  test.for([
    [
      { status: 'completed', payments: [paid] },
      { kind: 'approved', charge: 'PSP1', captured: false },
    ],
    [{ status: 'completed', payments: [] }, unknown],
    [{ status: 'completed', payments: [{ ...paid, amount: { value: 1, currency: 'EUR' } }] }, unknown],
    [{ status: 'paymentPending' }, { kind: 'pending', charge: session.id }],
    [{ status: 'refused' }, expect.objectContaining({ kind: 'declined', ended: true })],
    [{ status: 'expired' }, expect.objectContaining({ kind: 'declined', ended: true })],
    [{ status: 'active' }, unknown],
    [{ status: 'canceled' }, unknown],
    [{ status: 'completed', payments: [paid], id: 'CSother' }, unknown],
    [{ status: 'completed', payments: [paid], reference: 'pay_other' }, unknown],
  ] as const)('%o', ([result, fact]) => {
    const body = { id: session.id, reference: order.reference, ...result };
    expect(factOfSession(held, { status: 200, body })).toEqual(fact);
    expect(factOfSession(held, { status: 500, body })).toEqual(unknown);
  });

  it('that was declined may be paid otherwise, and one that ran out may not', () => {
    const reported = (effect: Notification['effect']): Notification => ({
      ...{ eventId: 'e', occurredAtMs: 0, reference: order.reference, order: order.id, charge: 'PSP1', amount: null },
      effect,
    });
    expect(factFor(held, reported(declined('stripe', 'insufficient_funds')))).toMatchObject({
      kind: 'requires_payment_method',
    });
    const { payment_method: _, ...rest } = held;
    const charged = { ...rest, payment_method: 'pm_x' };
    expect(factFor(charged, reported(declined('stripe', 'insufficient_funds')))).toMatchObject({ kind: 'declined' });
    expect(factFor(held, { ...reported({ kind: 'released' }), order: null, charge: null })).toMatchObject({
      ended: true,
    });
  });
});

describe('[PAY-1] what a payer brings back to Adyen', () => {
  const held: Order = { ...order, held: 'CS1' };

  it('is asked about at the call that takes it, under one key, and not at all where there is none', () => {
    expect(confirmation(held, { redirect_result: 'X+/=' }, 'k')).toMatchObject({
      path: 'payments/details',
      request: { headers: { 'idempotency-key': 'k' }, content: { text: '{"details":{"redirectResult":"X+/="}}' } },
    });
    expect(confirmation(held, { session_result: 'a b&c' }, 'k')?.path).toBe('sessions/CS1?sessionResult=a+b%26c');
    const details = '{"threeDSResult":"eyJ"}';
    expect(confirmation(held, { details }, 'k')?.request.content?.text).toBe(`{"details":${details}}`);
    for (const brought of [{}, { details: '[]' }, { details: '{' }, { details: '"x"' }, { details: 'null' }]) {
      expect(confirmation(held, brought, 'k')).toBeNull();
    }
    expect(confirmation({ ...held, held: null }, { session_result: 'a' }, 'k')).toBeNull();
  });

  it('says something where it names this payment, and nothing where Adyen refuses it', () => {
    const body = {
      resultCode: 'Authorised',
      pspReference: 'PSP1',
      merchantReference: order.reference,
      amount: { value: 1000, currency: 'EUR' },
    };
    const of = (changes: object, status = 200) =>
      factOfConfirmation(held, account, { status, body: { ...body, ...changes } });
    expect(of({})).toEqual({ kind: 'approved', charge: 'PSP1', captured: false });
    expect(of({ merchantReference: 'pay_other' })).toEqual(unknown);
    expect(of({ merchantReference: undefined })).toEqual(unknown);
    expect(of({ amount: { value: 1, currency: 'EUR' } })).toEqual(unknown);
    expect(of({ resultCode: 'Refused' })).toMatchObject({ kind: 'requires_payment_method', charge: 'CS1' });
    expect(of({ errorType: 'validation', errorCode: '14_006' }, 422)).toEqual(unknown);
    expect(factOfConfirmation(held, account, null)).toEqual(unknown);
  });
});
