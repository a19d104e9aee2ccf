// Given a payment, when a fact comes from the processor, then exactly this changes.

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { awaitsOutcome, createPayment, Payment, settleCharge } from '../../../lambdas/payments/domain/payment.ts';
import type { ProviderFact } from '../../../lambdas/processors/domain/fact.ts';
import { approved, at, authorized, captured, processing, requested, sealedFields, start } from '../payment_states.ts';

const waiting: ProviderFact[] = [
  { kind: 'unknown' },
  { kind: 'pending', charge: 'ch_1' },
  { kind: 'in_review', charge: 'ch_1' },
  { kind: 'requires_action', charge: 'ch_1', url: 'https://bank.example/3ds' },
];
const final: ProviderFact[] = [
  approved(true),
  approved(false),
  { kind: 'declined', declineCode: 'insufficient_funds', message: 'Not enough funds.' },
  { kind: 'not_charged' },
];

describe('[PAY-1] settling a charge', () => {
  it('approved and captured: the whole amount is captured, once', () => {
    const change = settleCharge(processing(), approved(true), start);
    expect(change?.fact).toBe('payment.captured');
    expect(change?.next).toMatchObject({
      status: 'captured',
      amount_authorized: 1000,
      amount_captured: 1000,
      charge: 'ch_1',
    });
    expect(change?.next.intent).toMatchObject({ lease_until_ms: null, due_at_ms: null });
  });

  it('approved and not captured: authorized, nothing captured', () => {
    const change = settleCharge(processing(1000, 'manual'), approved(false), start);
    expect(change?.fact).toBe('payment.authorized');
    expect(change?.next).toMatchObject({ status: 'authorized', amount_authorized: 1000, amount_captured: 0 });
  });

  it('declined: failed, with the issuer’s reason, and nothing authorized', () => {
    const change = settleCharge(processing(), final[2] as ProviderFact, start);
    expect(change?.fact).toBe('payment.failed');
    expect(change?.next).toMatchObject({ status: 'failed', amount_authorized: 0, amount_captured: 0 });
    expect(change?.next.last_error).toEqual({
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      raw_decline_code: null,
      message: 'Not enough funds.',
      retriable: false,
    });
  });

  it('unknown: still processing, the lease released, a time for the next recheck, and no fact', () => {
    const change = settleCharge(processing(), { kind: 'unknown' }, start);
    expect(change?.fact).toBeNull();
    expect(change?.next.status).toBe('processing');
    expect(change?.next.intent.lease_until_ms).toBeNull();
    expect(change?.next.intent.due_at_ms).toBeGreaterThan(start);
  });

  it('an action asked of the payer is shown, and gone once the outcome is known', () => {
    const asked = settleCharge(processing(), waiting[3] as ProviderFact, start);
    expect(asked?.next).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect', method: 'GET', url: 'https://bank.example/3ds', fields: null },
    });
    expect(asked && settleCharge(asked.next, approved(true), start)?.next.next_action).toBeNull();
  });

  it.each(final)('a settled payment is never settled again (%o)', (fact) => {
    const once = settleCharge(processing(), fact, start);
    for (const later of [...final, ...waiting]) expect(once && settleCharge(once.next, later, start)).toBeNull();
  });

  it('waiting statuses only go forward', () => {
    const pending = settleCharge(processing(), { kind: 'pending', charge: 'ch_1' }, start);
    const back = pending && settleCharge(pending.next, waiting[3] as ProviderFact, start);
    expect(back?.next.status).toBe('pending');
    expect(back?.fact).toBeNull();
  });

  it('each look that finds nothing new waits longer than the last, up to a bound', () => {
    let payment = processing();
    let last = 0;
    for (let look = 0; look < 30; look += 1) {
      payment = settleCharge(payment, { kind: 'unknown' }, start)?.next ?? payment;
      const pause = (payment.intent.due_at_ms ?? 0) - start;
      expect(pause).toBeGreaterThanOrEqual(last);
      expect(pause).toBeLessThanOrEqual(3_600_000);
      last = pause;
    }
  });

  it('a captured payment bears no more than was asked', () => {
    expect(captured(1)).toMatchObject({ amount: 1, amount_authorized: 1, amount_captured: 1 });
  });
});

describe('[PAY-1] a payment', () => {
  it('begins with nothing authorized, captured, held or disputed, and a lease on its first attempt', () => {
    const origin = { id: 'pay_1', tenant: 'ten_1', mode: 'live', processor: 'acquirer', bodyDigest: '1.x' } as const;
    const body = {
      amount: 1000,
      currency: 'EUR',
      payment_method: 'pm_1',
      capture_method: 'manual',
    } as const;
    expect(createPayment(origin, body, sealedFields, at(start))).toEqual({
      fact: 'payment.created',
      next: {
        ...body,
        sealed_fields: sealedFields,
        id: 'pay_1',
        object: 'payment',
        tenant: 'ten_1',
        mode: 'live',
        connection: null,
        customer: null,
        processor: 'acquirer',
        body_digest: '1.x',
        status: 'processing',
        amount_authorized: 0,
        amount_captured: 0,
        amount_refunded: 0,
        amount_voided: 0,
        capture_reserved: 0,
        refund_reserved: 0,
        setup_future_usage: null,
        off_session: false,
        modifications: { capture: 0, refund: 0, void: 0 },
        charge: null,
        executions: [],
        failed_executions: [],
        charge_secrets: undefined,
        payer_access: undefined,
        expires_at: null,
        disputed: false,
        last_dispute: null,
        last_error: null,
        next_action: null,
        reply: null,
        created_at: '2027-01-01T00:00:00.000Z',
        intent: {
          attempt: 1,
          attempt_started_at_ms: start,
          lease_until_ms: start + 20_000,
          due_at_ms: start + 20_000,
          recheck_count: 0,
          resumed: false,
        },
      },
    });
  });

  it('keeps what only sending needs as long as the charge may be sent, and no longer', () => {
    const charge_secrets = new Uint8Array([1]);
    const payment = { ...processing(), charge_secrets };
    const left = (fact: ProviderFact) => settleCharge(payment, fact, start)?.next.charge_secrets;
    expect(left({ kind: 'unknown' })).toBe(charge_secrets);
    for (const fact of [...waiting.slice(1), ...final]) expect(left(fact), fact.kind).toBeUndefined();
  });

  it.each([processing(), authorized(), captured(), requested(captured(), 'refund').payment])(
    'is read as it was written ($status)',
    (payment) => {
      expect(v.parse(Payment, payment)).toEqual(payment);
      const sealed = { ...payment, reply: new Uint8Array([1]) };
      expect(v.parse(Payment, sealed)).toEqual(sealed);
    },
  );

  it.each([
    ['reply', 'sealed'],
    ['modifications', {}],
    ['intent', {}],
    ['capture_reserved', -1],
    ['charge', undefined],
    ['tenant', undefined],
  ])('is not read with a %s that cannot be (%j)', (field, value) => {
    expect(v.is(Payment, { ...captured(), [field]: value })).toBe(false);
  });

  it.each([
    ['processing', true],
    ['requires_action', true],
    ['requires_approval', true],
    ['pending', true],
    ['authorized', false],
    ['captured', false],
    ['canceled', false],
    ['failed', false],
  ] as const)('that is %s awaits an outcome: %s', (status, awaits) => {
    expect(awaitsOutcome({ ...processing(), status })).toBe(awaits);
  });
});

describe('[PAY-1] what each fact makes of a charge that is awaited', () => {
  const closed = { lease_until_ms: null, due_at_ms: null };
  const open = { lease_until_ms: null, due_at_ms: start + 15_000, recheck_count: 1 };
  const action = { type: 'redirect', method: 'GET', url: 'https://bank.example/3ds', fields: null };
  const unavailable = {
    code: 'processor_unavailable',
    decline_code: null,
    raw_decline_code: null,
    message: 'The processor did not carry this out, and nothing was charged.',
    retriable: true,
  };

  it.each<[ProviderFact, string | null, object, object]>([
    [{ kind: 'unknown' }, null, {}, open],
    [{ kind: 'pending', charge: 'ch_1' }, 'payment.pending', { status: 'pending', charge: 'ch_1' }, open],
    [
      { kind: 'in_review', charge: 'ch_1' },
      'payment.requires_approval',
      { status: 'requires_approval', charge: 'ch_1' },
      open,
    ],
    [
      { kind: 'requires_action', charge: 'ch_1', url: action.url },
      'payment.requires_action',
      { status: 'requires_action', charge: 'ch_1', next_action: action },
      open,
    ],
    [{ kind: 'not_charged' }, 'payment.failed', { status: 'failed', last_error: unavailable }, closed],
    [
      approved(true),
      'payment.captured',
      {
        status: 'captured',
        charge: 'ch_1',
        amount_authorized: 1000,
        amount_captured: 1000,
        captured_with_charge: true,
      },
      closed,
    ],
    [
      approved(false),
      'payment.authorized',
      { status: 'authorized', charge: 'ch_1', amount_authorized: 1000, amount_captured: 0 },
      closed,
    ],
  ])('%o: %s', (fact, recorded, changed, intent) => {
    const before = processing();
    expect(settleCharge(before, fact, start)).toEqual({
      fact: recorded,
      next: { ...before, ...changed, intent: { ...before.intent, ...intent } },
    });
  });

  it('what waits goes forward, and what it waited for is shown no longer', () => {
    const order = ['requires_action', 'in_review', 'pending'] as const;
    const statuses = ['requires_action', 'requires_approval', 'pending'];
    const factOf = (kind: (typeof order)[number]): ProviderFact => ({ kind, charge: 'ch_1', url: action.url });
    for (const [from, first] of order.entries()) {
      for (const [to, second] of order.entries()) {
        const before = settleCharge(processing(), factOf(first), start)?.next ?? processing();
        const change = settleCharge(before, factOf(second), start);
        expect(change?.fact).toBe(to > from ? `payment.${statuses[to]}` : null);
        expect(change?.next.status).toBe(statuses[Math.max(from, to)]);
        expect(change?.next.next_action).toEqual(Math.max(from, to) === 0 ? action : null);
        expect(change?.next.intent.recheck_count).toBe(2);
      }
    }
  });
});

describe('a stored payment', () => {
  it('is read back with what is sealed in it, and with the stage of each dispute', () => {
    const stored = { ...captured(), charge_secrets: sealedFields, disputes: { dp_1: { stage: 2, open: true } } };
    expect(v.parse(Payment, stored)).toEqual(stored);
    for (const sealed of ['text', null, 1]) {
      expect(v.is(Payment, { ...stored, sealed_fields: sealed })).toBe(false);
      expect(v.is(Payment, { ...stored, charge_secrets: sealed })).toBe(false);
    }
  });
});
