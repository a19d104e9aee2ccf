// The real adapters, over loopback to what stands in for their providers.

import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { adyenLimits, adyenProcessor } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { stripeLimits, stripeProcessor } from '../../lambdas/processors/stripe/processor.ts';
import { type AdyenStub, adyenKey, merchantAccount } from '../../processor/stand_ins/adyen_stub.ts';
import { type StripeStub, stripeKey } from '../../processor/stand_ins/stripe_stub.ts';

export const stripeAdapter = ({ server }: StripeStub) =>
  stripeProcessor({ apiKey: new Secret(stripeKey) }, loopbackTransport(server.url, stripeLimits));

export function adyenAdapter({ server }: AdyenStub, { account = merchantAccount }: { readonly account?: string } = {}) {
  const terms = { merchantAccount: account, multiplePartialCaptures: 'enabled' } as const;
  return adyenProcessor(
    { apiKey: new Secret(adyenKey), ...terms },
    loopbackTransport(`${server.url}/v71`, adyenLimits),
  );
}
