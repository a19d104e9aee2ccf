// Credentials that their owner replaced a moment ago: what the processor refused of the old ones moved nothing, and is asked with the new ones.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { updateConnection } from '../../contract/connections/operations.ts';
import { capturePayment, createPayment } from '../../contract/payments/operations.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits } from '../../lambdas/processors/stripe/processor.ts';
import { StripeStub } from '../../processor/stand_ins/stripe_stub.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';

let stripe: StripeStub;
beforeEach(async () => {
  stripe = await new StripeStub().start();
});
afterEach(() => stripe.server.stop());

async function open() {
  const fixture = openIngressFixture();
  const connection = await fixture.connect('stripe');
  const transport = loopbackTransport(stripe.server.url, stripeLimits);
  const { pay } = fixture.moving({ stripe: transport, adyen: transport, adyenLive: () => transport });
  const body = { amount: 1000, currency: 'EUR', connection: connection.id, capture_method: 'manual' };
  const card = { ...body, payment_method: 'pm_card_visa', return_url: 'https://shop.example/done' };
  const { json: payment } = await pay(createPayment, { key: 'first', body: card });
  expect(payment.status).toBe('authorized');
  const capture = () => pay(capturePayment, { key: 'part', params: { payment_id: payment.id }, body: { amount: 400 } });
  const replace = (api_key: string) =>
    fixture.connecting(updateConnection, {
      ...{ params: { connection_id: connection.id }, body: { provider: 'stripe', api_key } },
    });
  return { replace, capture };
}

it('[PAY-1] a payment goes on under the new key at once, and is captured once', async () => {
  const { replace, capture } = await open();
  const api_key = 'sk_test_52StrongroomNewKey';
  expect((await replace(api_key)).statusCode).toBe(200);
  stripe.apiKey = api_key;
  expect((await capture()).json.status).toBe('succeeded');
  expect([...stripe.intents.values()].map(({ amount_received }) => amount_received)).toEqual([400]);
});

it('[PAY-1] what is refused of the newest key has failed, and says why', async () => {
  const { capture } = await open();
  stripe.apiKey = 'sk_test_53NobodyTold';
  expect((await capture()).json).toMatchObject({
    status: 'failed',
    last_error: { code: 'processor_misconfigured' },
  });
});
