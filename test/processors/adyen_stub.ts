// A stub of Adyen's Checkout API with a ledger of its own: payments, modifications that are only received, keys, and
// the signed items with their outcomes, as docs.adyen.com describes them (v71; read 2026-11).

import { createRequire } from 'node:module';
import { Secret } from '../../lambdas/kernel/crypto/secret.ts';
import { adyenLimits, adyenProcessor } from '../../lambdas/processors/adyen/processor.ts';
import { loopbackTransport } from '../../lambdas/processors/https_exchange.ts';
import { type Call, type Given, IdempotencyKeys, type ProviderServer, providerServer } from './provider_server.ts';

export const adyenKey = 'AQEtestKeyOfAdyen.With$igns==';
export const merchantAccount = 'StrongroomECOM';
export const hmacKey = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
export const storedCard = (name: string): string => `pm_adyen_shopper_1_${name.toUpperCase().padEnd(16, '0')}`;

type Json = Record<string, unknown>;

export interface AdyenItem {
  eventCode: string;
  success: 'true' | 'false';
  pspReference: string;
  originalReference?: string;
  merchantAccountCode: string;
  merchantReference: string;
  amount: { value: number; currency: string };
  eventDate: string;
  additionalData: { hmacSignature: string };
}

interface HmacValidator {
  calculateHmac(item: unknown, key: string): string;
  validateHMAC(item: unknown, key: string): boolean;
}
// The one file of Adyen's library that signs: the whole of it takes a second to load.
const { default: Validator } = createRequire(import.meta.url)('@adyen/api-library/lib/src/utils/hmacValidator.js') as {
  default: new () => HmacValidator;
};
export const adyenOracle = new Validator();

/** Signed by Adyen's own library. */
export function item(changes: Partial<AdyenItem>, key = hmacKey): AdyenItem {
  const unsigned = {
    eventCode: 'AUTHORISATION',
    success: 'true' as const,
    pspReference: 'QFQTPCQ8HXSKGK82',
    originalReference: '',
    merchantAccountCode: merchantAccount,
    merchantReference: '',
    amount: { value: 1000, currency: 'EUR' },
    eventDate: '2026-11-02T10:00:00+01:00',
    ...changes,
  };
  return { ...unsigned, additionalData: { hmacSignature: adyenOracle.calculateHmac(unsigned, key) } };
}

export const messageOf = (...items: AdyenItem[]): Buffer =>
  Buffer.from(
    JSON.stringify({ live: 'false', notificationItems: items.map((each) => ({ NotificationRequestItem: each })) }),
  );

export class AdyenStub {
  readonly payments: { psp: string; reference: string; status: string }[] = [];
  readonly items: AdyenItem[] = [];
  readonly #keys = new IdempotencyKeys();
  #made = 0;
  server!: ProviderServer;

  async start(): Promise<this> {
    this.server = await providerServer((call) => this.#answer(call));
    return this;
  }

  adapter() {
    const apiKey = new Secret(adyenKey);
    const terms = {
      merchantAccount,
      multiplePartialCaptures: 'enabled',
    } as const;
    return adyenProcessor({ apiKey, ...terms }, loopbackTransport(`${this.server.url}/v71`, adyenLimits));
  }

  chargesOf = (reference: string) =>
    this.payments.filter((each) => each.reference === reference && each.status === 'Authorised');

  #answer(call: Call): Promise<Given> | Given {
    if (call.headers['x-api-key'] !== adyenKey) return failure(401, 'security', '000');
    const key = call.headers['idempotency-key'];
    const body = JSON.parse(call.body) as Json;
    if (typeof key !== 'string' || key.length > 64 || body.merchantAccount !== merchantAccount) {
      return failure(422, 'validation', '14_000');
    }
    return this.#keys.under(
      key,
      call.path,
      async () => this.#serve(call.path, body),
      () => failure(422, 'validation', '704'),
    );
  }

  #serve(path: string, body: Json): Given {
    const [, , , psp, kind] = path.split('/');
    return psp === undefined ? this.#pay(body) : this.#modify(psp, kind ?? '', body);
  }

  #pay(body: Json): Given {
    const reference = String(body.reference);
    const { storedPaymentMethodId: card } = body.paymentMethod as Record<string, string>;
    const pspReference = this.#psp();
    const amount = body.amount as AdyenItem['amount'];
    const named = { pspReference, merchantReference: reference };
    const answered = (status: string, success: 'true' | 'false', answer: Json): Given => {
      this.payments.push({ psp: pspReference, reference, status });
      this.items.push(item({ success, ...named, amount }));
      return { status: 200, body: { resultCode: status, ...named, ...answer } };
    };
    if (card?.startsWith('DECLINED')) {
      return answered('Refused', 'false', { refusalReason: 'Not enough balance', refusalReasonCode: '12' });
    }
    if (card?.startsWith('CHALLENGE')) {
      const url = 'https://checkoutshopper-test.adyen.com/threeDS/redirect?MD=x';
      const action = { type: 'redirect', method: 'GET', paymentMethodType: 'scheme', url };
      return { status: 200, body: { resultCode: 'RedirectShopper', action } };
    }
    return answered('Authorised', 'true', { amount });
  }

  #modify(psp: string, kind: string, body: Json): Given {
    if (!this.payments.some((each) => each.psp === psp)) return failure(422, 'validation', '167');
    const pspReference = this.#psp();
    const eventCode = { captures: 'CAPTURE', refunds: 'REFUND', cancels: 'CANCELLATION' }[kind] ?? '';
    const amount = (body.amount ?? { value: 1000, currency: 'EUR' }) as AdyenItem['amount'];
    const merchantReference = String(body.reference);
    this.items.push(item({ eventCode, pspReference, originalReference: psp, merchantReference, amount }));
    const given = { merchantAccount, paymentPspReference: psp, pspReference, reference: merchantReference };
    return { status: 201, body: { ...given, status: 'received', ...(body.amount !== undefined && { amount }) } };
  }

  #psp(): string {
    this.#made += 1;
    return `PSP${String(this.#made).padStart(13, '0')}`;
  }
}

const failure = (status: number, errorType: string, errorCode: string): Given => ({
  status,
  body: { status, errorType, errorCode, message: 'text of Adyen' },
});
