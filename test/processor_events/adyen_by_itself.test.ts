// What Adyen does by itself, or what is done in its own pages: captures anew, undoes, disputes. It is taken over, whatever the
// order in which it is told.

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { disputeStages, ignoredCodes, movingCodes } from '../../lambdas/processors/adyen/event_codes.ts';
import { item, messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { type IngressFixture, openIngressFixture } from './ingress_fixture.ts';

type Item = Parameters<typeof item>[0];

const openPayment = async (more: Parameters<IngressFixture['pay']>[1] = {}) => {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('adyen');
  const payment = await fixture.pay('adyen', more);
  const tell = async (...changes: Item[]): Promise<void> => {
    const about = { originalReference: 'PSP1', merchantReference: payment, amount: { value: 1000, currency: 'EUR' } };
    for (const change of changes) await fixture.post(connection, messageOf(item({ ...about, ...change })));
    await fixture.settle();
    // What came too early is looked at again.
    for (let minutes = 0; minutes < 6; minutes += 1) {
      fixture.advance(61_000);
      await fixture.retry();
    }
  };
  const statuses = (): (string | undefined)[] => fixture.events().map(({ status }) => status?.S);
  return { fixture, connection, payment, tell, statuses };
};

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length <= 1
    ? [[...all]]
    : all.flatMap((one, at) => permutations(all.filter((_, other) => other !== at)).map((rest) => [one, ...rest]));

const named = (order: readonly Item[]): string =>
  order.map(({ eventCode, pspReference }) => `${eventCode} ${pspReference}`).join(', ');

describe('[PAY-2] Adyen captures anew what failed', () => {
  const reports: Item[] = [
    { eventCode: 'CAPTURE', pspReference: 'C1' },
    { eventCode: 'CAPTURE_FAILED', pspReference: 'C1' },
    { eventCode: 'CAPTURE', pspReference: 'C2' },
  ];
  const withOwnName = reports.map((each) =>
    each.eventCode === 'CAPTURE_FAILED' ? { ...each, pspReference: 'F1' } : each,
  );
  const orders = [...permutations(reports), ...permutations(withOwnName)];

  it.each(orders.map((order) => [named(order), order] as const))(
    'a capture of ours stands in the end: %s',
    async (_, order) => {
      const { fixture, payment, tell, statuses } = await openPayment();
      await fixture.authorize(payment, 'PSP1');
      const capture = await fixture.ask('capture', payment, 1000);
      await tell(...order.map((each) => ({ ...each, merchantReference: `${payment}-${capture}` })));
      expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
      expect(statuses()).not.toContain('contradicted');
      expect(statuses()).not.toContain('waiting');
    },
  );

  it.each(orders.map((order) => [named(order), order] as const))(
    'an automatic capture stands in the end: %s',
    async (_, order) => {
      const { fixture, payment, tell, statuses } = await openPayment({ capture_method: 'automatic' });
      await tell({ eventCode: 'AUTHORISATION', pspReference: 'PSP1', originalReference: '' });
      for (const one of order) await tell(one);
      expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
      expect(new Set(statuses())).toEqual(new Set(['applied']));
    },
  );

  it.each(permutations(reports).map((order) => [named(order), order] as const))(
    'a capture that was made in Adyen’s own pages stands in the end: %s',
    async (_, order) => {
      const { fixture, payment, tell, statuses } = await openPayment();
      await fixture.authorize(payment, 'PSP1');
      for (const one of order) await tell(one);
      // One that came too early is looked at again for some days, and is never taken for a contradiction.
      for (let hours = 0; hours < 4; hours += 1) {
        fixture.advance(3_600_000);
        await fixture.retry();
      }
      expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
      expect(statuses()).not.toContain('contradicted');
    },
  );

  it('a capture of ours that fails for good is not captured, and told again nothing changes', async () => {
    const { fixture, payment, tell } = await openPayment();
    await fixture.authorize(payment, 'PSP1');
    const capture = await fixture.ask('capture', payment, 1000);
    const ours = { merchantReference: `${payment}-${capture}` };
    await tell({ ...reports[0], ...ours }, { ...reports[1], ...ours }, { ...reports[0], ...ours });
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized', amounts: { amount_captured: 0 } });
  });

  it('an automatic capture that fails is not captured, says so in an event, and is captured once it was made anew', async () => {
    const { fixture, payment, tell } = await openPayment({ capture_method: 'automatic' });
    await tell({ eventCode: 'AUTHORISATION', pspReference: 'PSP1', originalReference: '' });
    expect(await fixture.end(payment)).toMatchObject({ status: 'captured' });
    await tell({ eventCode: 'CAPTURE', pspReference: 'C1' });
    expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
    await tell({ eventCode: 'CAPTURE_FAILED', pspReference: 'C1' });
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized', amounts: { amount_captured: 0 } });
    expect((await fixture.payment(payment)).fact?.type).toBe('payment.capture_failed');
    await tell({ eventCode: 'CAPTURE', pspReference: 'C1', success: 'true', eventDate: '2026-11-03T10:00:00+01:00' });
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized' });
    await tell({ eventCode: 'CAPTURE', pspReference: 'C2' });
    expect(await fixture.end(payment)).toMatchObject({ status: 'captured', amounts: { amount_captured: 1000 } });
  });
});

describe('[PAY-2] what is done in Adyen’s own pages', () => {
  it('a capture is taken over once, and a refund of it too', async () => {
    const { fixture, payment, tell, statuses } = await openPayment();
    await fixture.authorize(payment, 'PSP1');
    const capture = { eventCode: 'CAPTURE', pspReference: 'C1', amount: { value: 700, currency: 'EUR' } };
    await tell(capture, capture);
    expect(await fixture.end(payment)).toMatchObject({ status: 'authorized', amounts: { amount_captured: 700 } });
    await tell({ eventCode: 'REFUND', pspReference: 'R1', amount: { value: 200, currency: 'EUR' } });
    expect(await fixture.end(payment)).toMatchObject({ amounts: { amount_captured: 700, amount_refunded: 200 } });
    await tell({ eventCode: 'REFUND_FAILED', pspReference: 'R1', amount: { value: 200, currency: 'EUR' } });
    expect(await fixture.end(payment)).toMatchObject({ amounts: { amount_captured: 700, amount_refunded: 0 } });
    expect(new Set(statuses())).toEqual(new Set(['applied']));
  });

  it('what did not succeed there changes nothing', async () => {
    const { fixture, payment, tell } = await openPayment();
    await fixture.authorize(payment, 'PSP1');
    const before = await fixture.end(payment);
    await tell(
      { eventCode: 'CAPTURE', pspReference: 'C1', success: 'false' },
      { eventCode: 'REFUND', pspReference: 'R1', success: 'false' },
      { eventCode: 'CANCEL_OR_REFUND', pspReference: 'X1', success: 'false' },
    );
    expect(await fixture.end(payment)).toEqual(before);
  });

  it('a rejected review returns what was captured, and releases what was not', async () => {
    const captured = await openPayment();
    await captured.fixture.authorize(captured.payment, 'PSP1');
    await captured.tell({ eventCode: 'CAPTURE', pspReference: 'C1' });
    await captured.tell({ eventCode: 'CANCEL_OR_REFUND', pspReference: 'X1' });
    expect(await captured.fixture.end(captured.payment)).toMatchObject({
      status: 'captured',
      amounts: { amount_captured: 1000, amount_refunded: 1000 },
    });
    const authorized = await openPayment();
    await authorized.fixture.authorize(authorized.payment, 'PSP1');
    await authorized.tell({ eventCode: 'CANCEL_OR_REFUND', pspReference: 'X1' });
    expect(await authorized.fixture.end(authorized.payment)).toMatchObject({
      status: 'canceled',
      amounts: { amount_captured: 0, amount_voided: 1000 },
    });
  });
});

describe('[PAY-3] Adyen’s disputes', () => {
  const last = (code: string) => ({ eventCode: code, pspReference: 'D1', amount: { value: 900, currency: 'EUR' } });

  it.each([
    ['SECOND_CHARGEBACK', false, 'lost'],
    ['PREARBITRATION_ISSUER_WITHDRAWN', false, 'won'],
    ['PREARBITRATION_OPEN', true, 'open'],
    ['ISSUER_RESPONSE_TIMEFRAME_EXPIRED', false, 'won'],
    ['SCHEME_ARBITRATION_LOST', false, 'lost'],
  ] as const)('end with what is told last: %s', async (code, disputed, status) => {
    const { fixture, payment, tell } = await openPayment();
    await fixture.authorize(payment, 'PSP1');
    await tell({ eventCode: 'CAPTURE', pspReference: 'C1' });
    await tell(last('CHARGEBACK'));
    expect((await fixture.payment(payment)).value.disputed).toBe(true);
    await tell(last('CHARGEBACK_REVERSED'), last(code), last('CHARGEBACK'));
    const { value } = await fixture.payment(payment);
    expect([value.disputed, value.last_dispute]).toEqual([
      disputed,
      expect.objectContaining({ id: 'D1', status, amount: 900 }),
    ]);
  });

  it('every code that Adyen documents is decided, or ignored for a reason', () => {
    const library = createRequire(import.meta.url)(
      '@adyen/api-library/lib/src/typings/notification/notificationRequestItem.js',
    );
    // Webhooks v1 of Adyen's OpenAPI documents (2026-07-01) has three that the library's enum lacks.
    const newer = ['AUTHENTICATION', 'ACH_NOTIFICATION_OF_CHANGE', 'DIRECT_DEBIT_NOTICE_OF_CHANGE_NOTIFICATION'];
    const documented = [...Object.values(library.NotificationRequestItem.EventCodeEnum), ...newer];
    expect(documented.length).toBeGreaterThan(40);
    const known = [...Object.keys(disputeStages), ...movingCodes, ...Object.keys(ignoredCodes)];
    expect(new Set(known).size).toBe(known.length);
    expect(documented.filter((code) => !known.includes(code as string))).toEqual([]);
  });
});

describe('[PAY-2] an item', () => {
  it.each([{ originalReference: null }, { originalReference: undefined }, { originalReference: '' }])(
    'without an original reference is one thing however it is written: %j',
    async (changes) => {
      const { fixture, payment, connection } = await openPayment();
      const made = item({ pspReference: 'PSP1', merchantReference: payment, ...(changes as Item) });
      const reply = await fixture.post(connection, messageOf({ ...made, eventDate: null } as never));
      expect(reply.statusCode).toBe(202);
      await fixture.settle();
      expect((await fixture.payment(payment)).value).toMatchObject({ status: 'authorized', charge: 'PSP1' });
    },
  );
});
