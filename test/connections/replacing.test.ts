// Credentials that were rolled at the processor are replaced in place: nothing that is under way is lost, and what was replaced
// is accepted for a while and no longer.

import { describe, expect, it } from 'vitest';
import { connectionLimits as limits } from '../../contract/connections/limits.ts';
import { deleteConnection, getConnection, updateConnection } from '../../contract/connections/operations.ts';
import { createPayment } from '../../contract/payments/operations.ts';
import type { Request } from '../../lambdas/processors/https_exchange.ts';
import { hmacKey, item, messageOf } from '../../processor/stand_ins/adyen_stub.ts';
import { merchant, other } from '../kit/requests.ts';
import {
  bodies,
  type IngressFixture,
  openIngressFixture,
  stripeApiKey,
  stripeSecret,
} from '../processor_events/ingress_fixture.ts';
import { authorizedEvent } from '../processor_events/provider_events.ts';

const newSecret = 'whsec_bmV3LXNlY3JldC1vZi1zdHJpcGUtMQ';
const newKey = 'sk_test_51StrongroomTestKeyNumberTwo';

type Made = Awaited<ReturnType<IngressFixture['connect']>>;

const replace = (fixture: IngressFixture, { id }: Pick<Made, 'id'>, body: object, authorizer: object = merchant) =>
  fixture.connecting(updateConnection, {
    params: { connection_id: id },
    body,
    authorizer: authorizer as Record<string, unknown>,
  });

const opened = async () => {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const payment = await fixture.pay('stripe');
  const signedBy = async (secret: string) =>
    (await fixture.stripe(connection, authorizedEvent(payment), secret)).statusCode;
  return { fixture, connection, payment, signedBy };
};

describe('[SEC-1] a signing secret that was replaced', () => {
  it('signs beside the new one for a day, and then no more', async () => {
    const { fixture, connection, signedBy } = await opened();
    expect([await signedBy(stripeSecret), await signedBy(newSecret)]).toEqual([200, 401]);
    const reply = await replace(fixture, connection, { provider: 'stripe', webhook_secret: newSecret });
    expect(reply.json.credentials_replaced_at).toEqual(expect.any(String));
    fixture.advance(2_000);
    expect([await signedBy(stripeSecret), await signedBy(newSecret)]).toEqual([200, 200]);
    fixture.advance(limits.credentialOverlapMs - 3_000);
    expect([await signedBy(stripeSecret), await signedBy(newSecret)]).toEqual([200, 200]);
    fixture.advance(2_000);
    expect([await signedBy(stripeSecret), await signedBy(newSecret)]).toEqual([401, 200]);
  });

  it('is Adyen’s too', async () => {
    const fixture = openIngressFixture();
    const connection = await fixture.connect('adyen');
    const payment = await fixture.pay('adyen');
    const other = hmacKey.split('').reverse().join('');
    const post = async (key: string) =>
      (await fixture.post(connection, messageOf(item({ merchantReference: payment, pspReference: 'PSP1' }, key))))
        .statusCode;
    expect(await post(other)).toBe(401);
    expect((await replace(fixture, connection, { provider: 'adyen', hmac_key: other })).statusCode).toBe(200);
    fixture.advance(2_000);
    expect([await post(hmacKey), await post(other)]).toEqual([202, 202]);
  });
});

describe('[SEC-1] an API key that was replaced', () => {
  /** Stripe, that knows one key at a time, and what it was asked under. */
  const stripeThat = (knows: () => string) => {
    const asked: string[] = [];
    const transport = {
      base: new URL('https://api.stripe.com/'),
      converse:
        () =>
        async (_: string, { headers = {} }: Request) => {
          const key = String((headers as Record<string, string>).authorization).replace('Bearer ', '');
          asked.push(key);
          if (key !== knows()) return { status: 401, body: { error: { type: 'invalid_request_error', code: null } } };
          return { status: 402, body: { error: { type: 'card_error', code: 'card_declined', payment_intent: null } } };
        },
    };
    return { asked, transport };
  };
  const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_card', return_url: 'https://shop.example/back' };

  it('is used no more a second later, also by a function that has opened the old one', async () => {
    const { fixture, connection } = await opened();
    let knows = stripeApiKey;
    const { asked, transport } = stripeThat(() => knows);
    const { pay } = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
    const charge = () => pay(createPayment, { key: fixture.nextKey(), body: { ...body, connection: connection.id } });
    await charge();
    expect(asked).toEqual([stripeApiKey]);
    await replace(fixture, connection, { provider: 'stripe', api_key: newKey });
    knows = newKey;
    fixture.advance(2_000);
    const next = await charge();
    expect(asked).toEqual([stripeApiKey, newKey]);
    expect(next.json.last_error?.code).not.toBe('processor_misconfigured');
  });

  it('that its processor knows no more fails what is charged, and says why', async () => {
    const { fixture, connection } = await opened();
    const { transport } = stripeThat(() => 'sk_test_another_key_of_this_account');
    const { pay } = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
    const reply = await pay(createPayment, { key: 'refused', body: { ...body, connection: connection.id } });
    expect(reply.json).toMatchObject({ status: 'failed', last_error: { code: 'processor_misconfigured' } });
    expect(fixture.lines.map(({ message }) => message)).toContain('connection_refused');
  });
});

describe('[SEC-1] replacing credentials', () => {
  it('changes nothing where it is not to be done', async () => {
    const { fixture, connection } = await opened();
    const before = JSON.stringify([...fixture.aws.database.items('providers')]);
    const refused = [
      [{ provider: 'adyen', api_key: 'AQEtestKeyOfAdyen.With$igns==' }, 400, 'request_invalid'],
      [{ provider: 'stripe', api_key: 'sk_live_51StrongroomTestKey' }, 422, 'credentials_of_other_mode'],
      [{ provider: 'stripe', api_key: 'nonsense' }, 400, 'request_invalid'],
      [{ provider: 'stripe', merchant_account: 'Other' }, 400, 'request_invalid'],
      [{ provider: 'adyen', merchant_account: 'Other' }, 400, 'request_invalid'],
      [{ api_key: newKey }, 400, 'request_invalid'],
    ] as const;
    for (const [body, status, code] of refused) {
      expect((await replace(fixture, connection, body)).json).toMatchObject({ status, code });
    }
    const body = { provider: 'stripe', api_key: newKey };
    expect((await replace(fixture, connection, body, other)).json.code).toBe('connection_not_found');
    expect((await replace(fixture, connection, { provider: 'stripe' })).statusCode).toBe(200);
    expect(JSON.stringify([...fixture.aws.database.items('providers')])).toBe(before);
  });

  it('again with the same is no change, and happens a bounded number of times within the overlap', async () => {
    const { fixture, connection } = await opened();
    const rolled = (number: number) => ({ provider: 'stripe', webhook_secret: `${newSecret}${number}` });
    for (let number = 0; number < limits.replacements; number += 1) {
      expect((await replace(fixture, connection, rolled(number))).statusCode).toBe(200);
      expect((await replace(fixture, connection, rolled(number))).statusCode).toBe(200);
    }
    expect((await replace(fixture, connection, rolled(99))).json).toMatchObject({
      status: 409,
      code: 'too_many_credentials',
    });
    fixture.advance(limits.credentialOverlapMs + 1);
    expect((await replace(fixture, connection, rolled(99))).statusCode).toBe(200);
    const [row] = [...fixture.aws.database.items('providers')].filter(({ pk }) => pk?.S === connection.id);
    expect(row?.replacements?.L?.length).toBeLessThanOrEqual(2);
  });

  it('is no change where it is repeated after something else was replaced, and is one where it is gone back to', async () => {
    const { fixture, connection } = await opened();
    const count = () => fixture.aws.database.items('providers');
    const length = () => [...count()].find(({ pk }) => pk?.S === connection.id)?.replacements?.L?.length;
    const [key, secret] = [
      { provider: 'stripe', api_key: newKey },
      { provider: 'stripe', webhook_secret: newSecret },
    ];
    for (const body of [key, secret, key, secret]) await replace(fixture, connection, body);
    expect(length()).toBe(2);
    await replace(fixture, connection, { provider: 'stripe', webhook_secret: stripeSecret });
    await replace(fixture, connection, secret);
    expect(length()).toBe(4);
  });

  it('changes metadata alone where that alone is sent, and nothing of a deleted connection', async () => {
    const { fixture, connection } = await opened();
    const reply = await replace(fixture, connection, { provider: 'stripe', metadata: { shop: 'a' } });
    expect(reply.json).toMatchObject({ metadata: { shop: 'a' }, credentials_replaced_at: null });
    const params = { connection_id: connection.id };
    expect((await fixture.reads(getConnection, { params })).json.metadata).toEqual({ shop: 'a' });
    await fixture.connecting(deleteConnection, { params });
    expect((await replace(fixture, connection, bodies.stripe)).json.code).toBe('connection_not_found');
  });

  it('[ENC-4] shows no credential in a row, reply or line', async () => {
    const { fixture, connection } = await opened();
    const reply = await replace(fixture, connection, {
      provider: 'stripe',
      api_key: newKey,
      webhook_secret: newSecret,
    });
    const seen = JSON.stringify([
      reply,
      fixture.lines,
      [...fixture.aws.database.items('providers')],
      fixture.aws.published,
    ]);
    for (const secret of [newKey, newSecret]) {
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });
});
