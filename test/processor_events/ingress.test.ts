// A provider calls: what is verified is kept in one write and accepted, what is not leaves nothing but a bounded trace.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { deleteConnection } from '../../contract/connections/operations.ts';
import { ingressLimits } from '../../contract/processor_events/limits.ts';
import { keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import { receivedContext } from '../../lambdas/processor_events/ingress/received.ts';
import { stripeNotifications } from '../../lambdas/processors/stripe/notifications.ts';
import { signed } from '../../lambdas/processors/timed_signature.ts';
import { item, messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { type AwsCall, sdkError } from '../kit/aws/answered.ts';
import { type IngressFixture, openIngressFixture, stripeSecret } from './ingress_fixture.ts';
import { adyenItem, authorizedEvent, intentOf, stripeEvent } from './provider_events.ts';

const secret = new Secret(stripeSecret);
const writes = (fixture: IngressFixture) =>
  fixture.calls.filter((call) => ['PutItem', 'UpdateItem', 'TransactWriteItems'].includes(call));
const refusals = (fixture: IngressFixture) =>
  fixture.entries().flatMap((entry) => {
    const { action, outcome, code, owner, target, address } = unmarshall(entry as never);
    return outcome === 'refused' ? [{ action, code, owner, target, address }] : [];
  });
const codeOf = ({ body }: { body: string }) => JSON.parse(body).code;

async function stripeFixture() {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const send = (raw: Buffer, over = raw, base64 = false, atMs = fixture.now()) =>
    fixture.post(connection, raw, { base64, headers: { 'stripe-signature': signed(over, [secret], atMs) } });
  return { fixture, connection, send };
}

const unknown = Buffer.from(JSON.stringify(stripeEvent('invoice.paid', { anything: 'Ä€🙂' })));

describe('[PAY-2] what is rightly signed', () => {
  it('is accepted with the answer that the provider expects, and kept', async () => {
    const fixture = openIngressFixture();
    const payment = fixture.newId('payment');
    const [stripe, adyen, test] = [
      await fixture.connect('stripe'),
      await fixture.connect('adyen'),
      await fixture.connect('test'),
    ];
    expect(await fixture.stripe(stripe, authorizedEvent(payment))).toMatchObject({ statusCode: 200, body: '' });
    const reply = await fixture.post(adyen, messageOf(adyenItem('AUTHORISATION', payment)));
    expect(reply).toMatchObject({ statusCode: 202, body: '[accepted]' });
    expect(await fixture.test(test, {}, { reference: payment, order: payment })).toMatchObject({ statusCode: 200 });
    expect(fixture.events().map(({ provider, status }) => [provider?.S, status?.S])).toEqual(
      expect.arrayContaining([
        ['stripe', 'received'],
        ['adyen', 'received'],
        ['test', 'received'],
      ]),
    );
  });

  it('[PAY-2] costs one write, and in a warm process one call; a repeat writes nothing more', async () => {
    const { fixture, send } = await stripeFixture();
    fixture.calls.length = 0;
    await send(unknown);
    // The connection, then the keys of its secrets and of its tenant's day.
    expect(fixture.calls).toEqual(['GetItem', 'GetItem', 'Decrypt', 'GetItem', 'Decrypt', 'PutItem']);
    fixture.calls.length = 0;
    await send(Buffer.from(JSON.stringify(stripeEvent('invoice.paid', {}))));
    expect(fixture.calls).toEqual(['PutItem']);
    const before = JSON.stringify(fixture.events());
    for (let times = 0; times < 5; times += 1) expect(await send(unknown)).toMatchObject({ statusCode: 200 });
    expect(JSON.stringify(fixture.events())).toBe(before);
    expect(fixture.events()).toHaveLength(2);
  });

  it('[ENC-2] is sealed on a day on which nobody has sealed before, and opens again', async () => {
    const { fixture, send } = await stripeFixture();
    fixture.advance(86_400_000);
    expect((await send(unknown)).statusCode).toBe(200);
    const row = unmarshall(fixture.events()[0] as never);
    const ring = keyring(fixture.platform, 'tenant', dataKeys(fixture.platform));
    expect(await ring.open(row.received, receivedContext(row.tenant, row.mode, row.id))).toContain('"body"');
  });

  it('[PAY-2] is not taken for stored, nor for settled, where a write met a transaction of unknown outcome', async () => {
    let meets = false;
    const fault = ({ operation, input }: AwsCall): boolean => {
      const held = meets && operation === 'PutItem' && JSON.stringify(input).includes('"TableName":"processor_events"');
      if (held) throw sdkError('TransactionConflictException', 'Transaction is ongoing.');
      return false;
    };
    const fixture = openIngressFixture({ fault });
    const connection = await fixture.connect('stripe');
    const send = () => fixture.stripe(connection, stripeEvent('invoice.paid', { anything: 1 }));
    const id = await fixture.pay('stripe');
    const authorize = () => fixture.stripe(connection, authorizedEvent(id));
    meets = true;
    for (const reply of [await send(), await authorize()]) expect(reply.statusCode).toBe(503);
    expect(fixture.events()).toEqual([]);
    meets = false;
    for (const reply of [await send(), await authorize()]) expect(reply.statusCode).toBe(200);
    expect(fixture.events()).toHaveLength(2);
    const records = fixture.aws.database.stream('processor_events');
    meets = true;
    await expect(fixture.settle(records)).rejects.toThrow('a record was left');
    meets = false;
    await fixture.settle(records);
    expect(
      fixture
        .events()
        .map(({ status }) => status?.S)
        .sort(),
    ).toEqual(['applied', 'ignored']);
  });

  it('[PAY-2] several items of one request are one write', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const payment = fixture.newId('payment');
    const items = ['AUTHORISATION', 'CHARGEBACK', 'REPORT_AVAILABLE'].map((code) => adyenItem(code, payment));
    fixture.calls.length = 0;
    expect(await fixture.post(connection, messageOf(...items))).toMatchObject({ statusCode: 202 });
    expect(writes(fixture)).toEqual(['PutItem']);
    expect(fixture.events()).toHaveLength(1);
  });

  it('is the same event as text and as base64', async () => {
    const { fixture, send } = await stripeFixture();
    expect(await send(unknown, unknown, false)).toMatchObject({ statusCode: 200 });
    expect(await send(unknown, unknown, true)).toMatchObject({ statusCode: 200 });
    expect(fixture.events()).toHaveLength(1);
  });

  it('[PAY-2] is verified over its raw bytes: a byte order mark is a part of them', async () => {
    const { send } = await stripeFixture();
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), unknown]);
    for (const base64 of [false, true]) {
      expect(await send(marked, marked, base64)).toMatchObject({ statusCode: 200 });
      expect(await send(marked, unknown, base64)).toMatchObject({ statusCode: 401 });
      expect(await send(unknown, marked, base64)).toMatchObject({ statusCode: 401 });
    }
  });

  it('is malformed where it is no UTF-8, and never what its replacement would be', async () => {
    const { fixture, send } = await stripeFixture();
    const broken = Buffer.concat([unknown.subarray(0, -4), Buffer.from([0xff, 0xfe]), unknown.subarray(-4)]);
    expect(codeOf(await send(broken, broken, true))).toBe('notification_malformed');
    // Handed over as text it is not what was signed any more.
    expect(codeOf(await send(broken, broken, false))).toBe('signature_invalid');
    expect(fixture.events()).toHaveLength(0);
  });

  it('[AUD-1] opens again, for nobody but its own row, and verifies again', async () => {
    const { fixture, connection, send } = await stripeFixture();
    await send(unknown);
    const row = unmarshall(fixture.events()[0] as never);
    const ring = keyring(fixture.platform, 'tenant', dataKeys(fixture.platform));
    const stored = JSON.parse(await ring.open(row.received, receivedContext(row.tenant, row.mode, row.id)));
    const raw = Buffer.from(stored.body, 'base64');
    expect(raw.equals(unknown)).toBe(true);
    const again = stripeNotifications('test').receive(
      raw,
      (name) => stored.headers[name],
      [secret],
      row.received_at_ms,
    );
    expect(again).toEqual({ notifications: row.notifications });
    await expect(ring.open(row.received, receivedContext(row.tenant, row.mode, 'pev_other'))).rejects.toThrow(
      'not_authentic',
    );
    expect(row.connection).toBe(connection.id);
    expect(JSON.stringify(row.notifications)).not.toContain('anything');
  });

  it('fits a row at its largest; one byte more is refused before anything is read', async () => {
    const { fixture, send } = await stripeFixture();
    const empty = JSON.stringify(stripeEvent('invoice.paid', { pad: '' }));
    const padded = (bytes: number) =>
      Buffer.from(empty.replace('"pad":""', `"pad":"${'x'.repeat(bytes - empty.length)}"`));
    const largest = padded(ingressLimits.bodyBytes);
    expect(await send(largest)).toMatchObject({ statusCode: 200 });
    const stored = fixture.events()[0] ?? {};
    expect((stored.received?.B?.length ?? 0) + ingressLimits.notificationsBytes + 4_096).toBeLessThan(400 * 1024);
    fixture.calls.length = 0;
    expect(await send(padded(ingressLimits.bodyBytes + 1))).toMatchObject({ statusCode: 413 });
    expect(fixture.calls).toEqual([]);
  });
});

describe('[PCI-1] [PCI-3] a rightly signed notification', () => {
  const card = '4242424242424242';
  const intent = (changes: object) => stripeEvent('payment_intent.succeeded', { ...intentOf('', {}), ...changes });

  it.each<[string, (fixture: IngressFixture) => Promise<{ statusCode: number; body: string }>]>([
    ['id', async (fixture) => fixture.test(await fixture.connect('test'), { id: `evt_${card}` })],
    ['charge', async (fixture) => fixture.test(await fixture.connect('test'), {}, { charge: `ch_${card}` })],
    [
      'currency',
      async (fixture) => {
        const payment = fixture.newId('payment');
        const data = { reference: payment, order: payment, currency: card };
        return fixture.test(await fixture.connect('test'), {}, data);
      },
    ],
    [
      'charge, at Adyen',
      async (fixture) => {
        const named = item({ merchantReference: fixture.newId('payment'), pspReference: card });
        return fixture.post(await fixture.connect('adyen'), messageOf(named));
      },
    ],
  ])('that names its %s by a card number is refused, and leaves nothing of it', async (_, send) => {
    const fixture = openIngressFixture();
    const reply = await send(fixture);
    expect(codeOf(reply)).toBe('notification_malformed');
    expect(fixture.events()).toEqual([]);
    expect(JSON.stringify([fixture.lines, reply, refusals(fixture)])).not.toContain('4242');
  });

  it.each(['4242 4242 4242 4242', 'DE89 3704 0044 0532 0130 00'])(
    'that holds %j elsewhere is applied, and its bytes are not stored',
    async (number) => {
      const { fixture, send } = await stripeFixture();
      const event = Buffer.from(JSON.stringify(intent({ description: number })));
      expect(await send(event)).toMatchObject({ statusCode: 200 });
      const row = unmarshall(fixture.events()[0] as never);
      const ring = keyring(fixture.platform, 'tenant', dataKeys(fixture.platform));
      const stored = JSON.parse(await ring.open(row.received, receivedContext(row.tenant, row.mode, row.id)));
      expect(stored.body).toBe('[withheld]');
    },
  );
});

describe('[PAY-2] what is not rightly signed', () => {
  it('is refused wherever one bit differs', async () => {
    const { fixture, send } = await stripeFixture();
    for (let at = 0; at < unknown.length; at += 1) {
      const flipped = Buffer.from(unknown);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(await send(flipped, unknown, true)).toMatchObject({ statusCode: 401 });
    }
    expect(fixture.events()).toHaveLength(0);
  });

  it('[PAY-2] a replay after the tolerance is refused, and within it is a repeat', async () => {
    const { fixture, send } = await stripeFixture();
    const signedAtMs = fixture.now();
    await send(unknown, unknown, false, signedAtMs);
    fixture.advance(299_000);
    expect(await send(unknown, unknown, false, signedAtMs)).toMatchObject({ statusCode: 200 });
    fixture.advance(2_000);
    expect(await send(unknown, unknown, false, signedAtMs)).toMatchObject({ statusCode: 401 });
    expect(fixture.events()).toHaveLength(1);
  });

  it('two signature headers are as good as none', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const good = signed(unknown, [secret], fixture.now());
    const headers = { 'stripe-signature': good, 'Stripe-Signature': good };
    expect(await fixture.post(connection, unknown, { headers })).toMatchObject({ statusCode: 401 });
  });

  it('[AUD-1] leaves one entry a minute and reason in its tenant’s trail, however often it comes', async () => {
    const { fixture, connection, send } = await stripeFixture();
    const flood = async () => {
      for (let times = 0; times < 20; times += 1) {
        await send(unknown, Buffer.from('other'));
        await fixture.post(connection, unknown);
        fixture.advance(100);
      }
    };
    await flood();
    const [first, ...others] = refusals(fixture);
    expect([first, ...others].map((entry) => entry?.code).sort()).toEqual(['unsigned', 'wrong_signature']);
    expect(first).toMatchObject({ action: 'ingress/receive', target: connection.id });
    expect(first?.owner).toMatch(/^ten_.*#test$/);
    // Sealed, as every address is.
    expect(first?.address).toBeInstanceOf(Uint8Array);
    const entries = JSON.stringify(fixture.entries());
    fixture.crash();
    await flood();
    expect(JSON.stringify(fixture.entries())).toBe(entries);
    fixture.advance(60_000);
    await flood();
    expect(refusals(fixture)).toHaveLength(4);
  });

  it('has the provider send again where its trace could not be left', async () => {
    let lost = false;
    const fixture = openIngressFixture({
      fault: ({ operation }) => lost && /^(?:PutItem|BatchExecuteStatement)$/.test(operation),
    });
    const connection = await fixture.connect('stripe');
    lost = true;
    expect(await fixture.post(connection, unknown)).toMatchObject({ statusCode: 503 });
    expect(await fixture.stripe(connection, stripeEvent('invoice.paid', {}))).toMatchObject({ statusCode: 503 });
    lost = false;
    expect(await fixture.stripe(connection, stripeEvent('invoice.paid', {}))).toMatchObject({ statusCode: 200 });
  });
});

describe('[PAY-2] a connection', () => {
  it('that is not there, is of another provider or has no id’s form is not found, and is counted', async () => {
    const { fixture, connection } = await stripeFixture();
    const sent = { headers: { 'stripe-signature': signed(unknown, [secret], fixture.now()) } };
    const never = { ...connection, id: connection.id.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) };
    const answers = [
      await fixture.post(never, unknown, sent),
      await fixture.post(connection, unknown, { ...sent, provider: 'adyen' }),
      await fixture.post(connection, unknown, { ...sent, provider: '__proto__' }),
      await fixture.post({ ...connection, id: 'conn_us_x' }, unknown, sent),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404);
      expect(codeOf(answer)).toBe('connection_not_found');
    }
    expect(fixture.lines.filter(({ message }) => message === 'credential_unrecognised')).toHaveLength(4);
    expect(fixture.events()).toHaveLength(0);
  });

  it('[ENC-4] that was deleted is gone within a second, though it was in use', async () => {
    const { fixture, connection, send } = await stripeFixture();
    expect(await send(unknown)).toMatchObject({ statusCode: 200 });
    const params = { connection_id: connection.id };
    expect(await fixture.connecting(deleteConnection, { params })).toMatchObject({ statusCode: 200 });
    fixture.advance(1_000);
    expect(await send(Buffer.from(JSON.stringify(stripeEvent('invoice.paid', {}))))).toMatchObject({ statusCode: 404 });
    expect(fixture.events()).toHaveLength(1);
  });

  it('one connection’s secret opens no other', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('stripe');
    const answer = await fixture.stripe(
      connection,
      authorizedEvent(fixture.newId('payment')),
      'whsec_anothersecretofanother',
    );
    expect(answer).toMatchObject({ statusCode: 401 });
    const adyen = await fixture.connect('adyen');
    const forged = messageOf(item({}, 'AA'.repeat(32)));
    expect(await fixture.post(adyen, forged)).toMatchObject({ statusCode: 401 });
  });
});
