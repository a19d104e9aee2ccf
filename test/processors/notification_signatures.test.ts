// Whose notifications count: signatures of providers' webhooks, with the providers' own libraries as oracles in both
// directions, and what an attacker would try.

import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { adyenNotifications } from '../../lambdas/processors/adyen/notifications.ts';
import type { HeaderLookup, NotificationScheme } from '../../lambdas/processors/notification.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signatureHeader, signNotification, testNotifications } from '../../lambdas/processors/test/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import {
  type AdyenItem,
  adyenOracle,
  hmacKey,
  item,
  merchantAccount,
  messageOf,
} from '../../processor/stand_ins/adyen_stub.ts';

const nowMs = 1_790_000_000_000;
const secret = 'whsec_c3Ryb25ncm9vbS10ZXN0LXNlY3JldA';
const other = 'whsec_b3RoZXItc2VjcmV0LW9mLXNvbWVib2R5';
const secrets = (...all: string[]) => all.map((each) => new Secret(each));
const only =
  (name: string, value: string | undefined): HeaderLookup =>
  (asked) =>
    asked === name ? value : undefined;
const outcome = (received: ReturnType<NotificationScheme['receive']>): string =>
  'refused' in received ? received.refused : 'received';

const event = Buffer.from(
  JSON.stringify({ id: 'evt_1', type: 'balance.available', created: 1, livemode: false, data: { object: {} } }),
);
const message = Buffer.from(
  JSON.stringify({
    id: 'evt_ch_1_approved',
    type: 'charge.approved',
    occurred_at: '2026-11-02T10:00:00.000Z',
    data: {
      charge: 'ch_1',
      reference: 'pay_1',
      order: 'pay_1',
      amount: 1000,
      currency: 'EUR',
      capture: true,
      action_path: null,
      decline_code: null,
    },
  }),
);

const timed = [
  {
    name: 'Stripe',
    scheme: stripeNotifications('test'),
    header: 'stripe-signature',
    raw: event,
    sign: (raw: Uint8Array, key: string, atMs: number) =>
      Stripe.webhooks.generateTestHeaderString({
        payload: Buffer.from(raw).toString(),
        secret: key,
        timestamp: Math.floor(atMs / 1000),
      }),
  },
  {
    name: 'the test processor',
    scheme: testNotifications(new URL('http://127.0.0.1:1/')),
    header: signatureHeader,
    raw: message,
    sign: (raw: Uint8Array, key: string, atMs: number) => signNotification(raw, new Secret(key), atMs),
  },
];

describe.each(timed)('$name: a signature over time and body', ({ scheme, header, raw, sign }) => {
  const receive = (value: string | undefined, bytes: Uint8Array = raw, keys = secrets(secret), atMs = nowMs) =>
    outcome(scheme.receive(bytes, only(header, value), keys, atMs));
  const right = sign(raw, secret, nowMs);

  test('[PAY-2] what its sender signed is received: the control', () => {
    expect(receive(right)).toBe('received');
  });

  test('[PAY-2] no flipped bit of the body or of the signature goes through', () => {
    fc.assert(
      fc.property(fc.nat(raw.length * 8 - 1), (bit) => {
        const bytes = Buffer.from(raw);
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(receive(right, bytes)).toBe('wrong_signature');
      }),
    );
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.constantFrom(...'0123456789abcdefx=, '), (at, to) => {
        fc.pre(right[at] !== to);
        expect(receive(right.slice(0, at) + to + right.slice(at + 1))).not.toBe('received');
      }),
    );
  });

  test('[PAY-2] a body with anything before or after it is another body', () => {
    for (const bytes of [
      Buffer.concat([raw, Buffer.from(' ')]),
      Buffer.concat([Buffer.from('\n'), raw]),
      Buffer.alloc(0),
    ]) {
      expect(receive(right, bytes)).toBe('wrong_signature');
    }
  });

  test('[PAY-2] five minutes either way, and no longer', () => {
    for (const [ageMs, expected] of [
      [300_000, 'received'],
      [301_000, 'wrong_time'],
      [86_400_000, 'wrong_time'],
      [-300_000, 'received'],
      [-301_000, 'wrong_time'],
    ] as const) {
      expect([ageMs, receive(sign(raw, secret, nowMs - ageMs))]).toEqual([ageMs, expected]);
    }
  });

  test('[PAY-2] a newer time on an old signature is not signed', () => {
    const old = sign(raw, secret, nowMs - 86_400_000);
    const fresh = old.replace(/t=\d+/, `t=${nowMs / 1000}`);
    expect(receive(fresh)).toBe('wrong_signature');
    expect(receive(`t=${nowMs / 1000},${old}`)).toBe('unsigned');
    expect(receive(`${old},t=${nowMs / 1000}`)).toBe('unsigned');
  });

  test('[PAY-2] either secret serves while they rotate; another one, or none, serves never', () => {
    expect(receive(right, raw, secrets(other, secret))).toBe('received');
    expect(receive(`${right},${sign(raw, other, nowMs).replace(/^t=\d+,/, '')}`, raw, secrets(other))).toBe('received');
    expect(receive(right, raw, secrets(other))).toBe('wrong_signature');
    expect(receive(right, raw, [])).toBe('wrong_signature');
  });

  test('[PAY-2] a secret that is empty or short verifies nothing', () => {
    for (const weak of ['', 'whsec_', 'x'.repeat(23)]) {
      expect(receive(sign(raw, weak === '' ? '\0' : weak, nowMs), raw, secrets(weak))).toBe('wrong_signature');
    }
  });

  test('[PAY-2] an absent or odd header is unsigned', () => {
    const bare = right.replace(/^t=\d+,/, '');
    const odd = [
      undefined,
      '',
      't=1',
      bare,
      `t=,${bare}`,
      `t=-1,${bare}`,
      `t=1e9,${bare}`,
      `t=NaN,${bare}`,
      right.replace('v1=', 'v0='),
    ];
    const many = `${right},${Array.from({ length: 9 }, () => bare).join(',')}`;
    for (const value of [...odd, many, `${right},${' '.repeat(5_000)}`])
      expect([value, receive(value)]).toEqual([value, 'unsigned']);
  });
});

test('[PAY-2] Stripe’s own verifier accepts what our sender signs, and its unicode', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const raw = Buffer.from(JSON.stringify({ id: 'evt_1', text }));
      const header = signed(raw, secrets(other, secret), Date.now());
      expect(Stripe.webhooks.constructEvent(raw, header, secret)).toMatchObject({ text });
    }),
  );
});

test('[PAY-2] a signature made for one scheme does not serve in another', () => {
  const [stripe, own] = timed;
  const forStripe = stripe?.sign(message, secret, nowMs);
  expect(
    outcome(
      own?.scheme.receive(message, only(signatureHeader, forStripe), secrets(secret), nowMs) ?? {
        refused: 'malformed',
      },
    ),
  ).toBe('wrong_signature');
});

test('[PAY-2] rightly signed nonsense is malformed', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"id":"evt_1"}',
    '{"id":"x","type":"a","created":1,"data":{"object":{}}}',
  ]) {
    for (const { scheme, header, sign } of timed) {
      const raw = Buffer.from(text);
      expect(outcome(scheme.receive(raw, only(header, sign(raw, secret, nowMs)), secrets(secret), nowMs))).toBe(
        'malformed',
      );
    }
  }
  const broken = Buffer.from([...Buffer.from('{"id":"'), 0xff, ...Buffer.from('"}')]);
  const header = signed(broken, secrets(secret), nowMs);
  expect(
    outcome(stripeNotifications('test').receive(broken, only('stripe-signature', header), secrets(secret), nowMs)),
  ).toBe('malformed');
});

describe('Adyen: a signature in each item', () => {
  const scheme = adyenNotifications(merchantAccount, 'test');
  const receive = (raw: Uint8Array, ...keys: string[]) =>
    scheme.receive(raw, () => undefined, secrets(...(keys.length > 0 ? keys : [hmacKey])), nowMs);
  const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_ /é中'), maxLength: 40 });
  const fields = fc.record({
    eventCode: fc.constantFrom('AUTHORISATION', 'CAPTURE', 'REFUND', 'REPORT_AVAILABLE'),
    success: fc.constantFrom('true' as const, 'false' as const),
    pspReference: text,
    originalReference: text,
    merchantAccountCode: text,
    merchantReference: text,
    amount: fc.record({ value: fc.maxSafeInteger(), currency: fc.constantFrom('EUR', 'JPY') }),
  });

  test('[PAY-2] what Adyen’s own library signs is received, and it agrees on what is not', () => {
    fc.assert(
      fc.property(fields, fields, (one, another) => {
        const right = item(one);
        expect(outcome(receive(messageOf(right)))).toBe('received');
        const mixed = { ...item(another), additionalData: right.additionalData };
        expect(outcome(receive(messageOf(mixed)))).toBe(
          adyenOracle.validateHMAC(mixed, hmacKey) ? 'received' : 'wrong_signature',
        );
      }),
    );
  });

  test('[PAY-2] no signed field can be changed', () => {
    const right = item({ merchantReference: 'pay_1', originalReference: 'PSP0' });
    const changes: Partial<AdyenItem>[] = [
      { success: 'false' },
      { eventCode: 'REFUND' },
      { pspReference: 'PSP9' },
      { originalReference: 'PSP9' },
      { merchantAccountCode: 'Other' },
      { merchantReference: 'pay_2' },
      { amount: { value: 1, currency: 'EUR' } },
      { amount: { value: 1000, currency: 'USD' } },
    ];
    expect(outcome(receive(messageOf(right)))).toBe('received');
    for (const change of changes) {
      expect([change, outcome(receive(messageOf({ ...right, ...change })))]).toEqual([change, 'wrong_signature']);
    }
  });

  test('[PAY-2] of several items one bad one refuses all', () => {
    const good = [item({ pspReference: 'A' }), item({ pspReference: 'B' })];
    const bad = { ...item({ pspReference: 'C' }), success: 'false' as const };
    const unsigned = { ...item({ pspReference: 'D' }), additionalData: {} as AdyenItem['additionalData'] };
    expect(receive(messageOf(...good))).toMatchObject({ notifications: [{ charge: 'A' }, { charge: 'B' }] });
    for (const place of [0, 1, 2]) {
      expect(outcome(receive(messageOf(...good.toSpliced(place, 0, bad))))).toBe('wrong_signature');
      expect(outcome(receive(messageOf(...good.toSpliced(place, 0, unsigned))))).toBe('unsigned');
    }
    expect(outcome(receive(messageOf()))).toBe('unsigned');
    expect(outcome(receive(messageOf(...Array.from({ length: 101 }, () => item({})))))).toBe('unsigned');
  });

  test('[PAY-2] a message cut into other fields under the same signature decides nothing', () => {
    const reference = `pay_eu_${'a'.repeat(26)}`;
    // Somebody names a shop order so that a shift by one field would read as a payment of ours.
    const signedByAdyen = item({
      pspReference: 'P',
      originalReference: 'O',
      merchantReference: `${reference}:5:EUR:AUTHORISATION:true`,
    });
    const { amount, eventCode, success } = signedByAdyen;
    const shifted = {
      ...signedByAdyen,
      merchantReference: reference,
      amount: { value: 5, currency: `EUR:AUTHORISATION:true:${amount.value}:${amount.currency}` },
      eventCode,
      success,
    };
    expect(adyenOracle.validateHMAC(shifted, hmacKey)).toBe(true);
    for (const each of [signedByAdyen, shifted]) {
      expect(receive(messageOf(each))).toMatchObject({
        notifications: [{ reference: null, effect: { kind: 'ignored' } }],
      });
    }
  });

  test('[PAY-2] what is not signed changes nothing but the time', () => {
    const right = item({ merchantReference: `pay_eu_${'a'.repeat(26)}` });
    const replayed = {
      ...right,
      eventDate: '2030-01-01T00:00:00Z',
      reason: 'x',
      operations: ['REFUND'],
      paymentMethod: 'y',
    };
    const [first, second] = [right, replayed].map((each) => receive(messageOf(each)));
    if (first === undefined || second === undefined || 'refused' in first || 'refused' in second)
      throw new Error('refused');
    const { occurredAtMs: _, ...signedFields } = first.notifications[0] ?? { occurredAtMs: 0 };
    expect(second.notifications[0]).toMatchObject(signedFields);
  });

  test('[PAY-2] a key that is empty, short or no hex verifies nothing', () => {
    for (const weak of ['', 'zz', hmacKey.slice(0, 62), `zz${hmacKey.slice(2)}`, `${hmacKey} `]) {
      expect([weak, outcome(receive(messageOf(item({}, weak)), weak))]).toEqual([weak, 'wrong_signature']);
    }
    expect(outcome(receive(messageOf(item({})), hmacKey.replace('44', '45')))).toBe('wrong_signature');
    expect(outcome(receive(messageOf(item({})), hmacKey.replace('44', '45'), hmacKey))).toBe('received');
  });
});
