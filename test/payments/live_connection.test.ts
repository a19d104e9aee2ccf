// A live payment on its whole way: a verified business, its own account at Adyen behind its own live address, its webhooks; and no
// address of test mode is asked on that way.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnection } from '../../contract/connections/operations.ts';
import { capturePayment, createPayment, refundPayment } from '../../contract/payments/operations.ts';
import { suspendTenant } from '../../contract/tenants/operations.ts';
import { adyenLimits } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport, type Transport } from '../../lambdas/processors/https_exchange.ts';
import { AdyenStub, storedCard } from '../../processor/stand_ins/adyen_stub.ts';
import { bodies, openIngressFixture } from '../processor_events/ingress_fixture.ts';
import { tenantsOf } from '../tenants/business_fixture.ts';

const live_prefix = '1797a841fbb37ca7-AdyenDemo';
let adyen: AdyenStub;
beforeEach(async () => {
  adyen = await new AdyenStub().start();
});
afterEach(() => adyen.server.stop());

const never: Transport = {
  base: new URL('https://never.example/'),
  converse: () => {
    throw new Error('test mode was asked');
  },
};

async function open({ isVerified = true } = {}) {
  const fixture = openIngressFixture();
  const tenants = tenantsOf(fixture.platform);
  const merchant = isVerified ? await tenants.verified() : await tenants.created();
  const authorizer = { ...merchant, mode: 'live' };
  const { client_key: _, ...account } = bodies.adyen;
  const connected = await fixture.connecting(createConnection, {
    ...{ key: 'connect', body: { ...account, live_prefix }, authorizer },
  });
  const asked: string[] = [];
  const { pay } = fixture.moving({
    ...{ stripe: never, adyen: never },
    adyenLive: (prefix) => {
      asked.push(prefix);
      return loopbackTransport(`${adyen.server.url}/v71`, adyenLimits);
    },
  });
  const body = {
    ...{ amount: 1000, currency: 'EUR', capture_method: 'manual', return_url: 'https://shop.example/done' },
    ...{ payment_method: storedCard('approved'), connection: connected.json.id },
  };
  const charge = (key: string) => pay(createPayment, { key, body, authorizer });
  return { fixture, tenants, merchant, authorizer, connected, asked, pay, charge };
}

describe('[PAY-1] [KYC-1] a live payment', () => {
  it('goes to the account’s own live address once its tenant is verified, and a repeat charges nobody again', async () => {
    const { asked, charge, connected } = await open();
    expect(connected).toMatchObject({ statusCode: 201, json: { mode: 'live' } });
    const { json, statusCode } = await charge('one');
    expect([statusCode, json.mode, json.status]).toEqual([201, 'live', 'authorized']);
    expect((await charge('one')).json).toEqual(json);
    expect(adyen.chargesOf(json.id)).toHaveLength(1);
    expect(asked).toEqual([live_prefix]);
  });

  it('of a tenant that is not verified reaches nobody', async () => {
    const { asked, charge } = await open({ isVerified: false });
    expect(await charge('one')).toMatchObject({ statusCode: 403, json: { code: 'charges_disabled' } });
    expect(adyen.payments).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it('is not captured once its tenant is suspended, and can still be refunded what was captured before', async () => {
    const { charge, pay, authorizer, tenants, merchant } = await open();
    const { json } = await charge('one');
    const params = { payment_id: json.id };
    const captured = await pay(capturePayment, { key: 'a', params, body: { amount: 400 }, authorizer });
    expect(captured.statusCode).toBe(201);
    const suspended = await tenants.asOperator(suspendTenant, merchant.tenant, { reason: 'disputes' });
    expect(suspended.json.capabilities).toEqual({ charges: false, refunds: true });
    const calls = adyen.server.calls.length;
    for (const refused of [
      await charge('two'),
      await pay(capturePayment, { key: 'b', params, body: { amount: 100 }, authorizer }),
    ])
      expect(refused).toMatchObject({ statusCode: 403, json: { code: 'charges_disabled' } });
    expect(adyen.server.calls).toHaveLength(calls);
    // Its capture is not reported yet, so nothing is there to be refunded: it is refused for that alone.
    const refund = await pay(refundPayment, { key: 'c', params, body: { amount: 100 }, authorizer });
    expect(refund.json.code).not.toBe('refunds_disabled');
  });
});
