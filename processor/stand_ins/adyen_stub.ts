// A stub of Adyen's Checkout API with a ledger of its own: payments, modifications that are only received, keys, what is done in
// its Customer Area or by Adyen itself, and the signed items that tell of it all.
//
// Sources: docs.adyen.com (Checkout API v71), /online-payments/capture, /online-payments/capture/failure-reasons,
// /online-payments/refund, /online-payments/cancel; the items' shape is NotificationRequestItem of @adyen/api-library 32.1.0; read 2026-12.

import { createRequire } from 'node:module';
import { type AdyenAccountState, failure, keyInUse, noSuchPayment, refusalOf } from './adyen_refusals.ts';
import { AdyenSessions } from './adyen_sessions.ts';
import { type Call, type Given, IdempotencyKeys, type ProviderServer, providerServer } from './provider_server.ts';

export const adyenKey = 'AQEtestKeyOfAdyen.With$igns==';
export const merchantAccount = 'StrongroomECOM';
export const hmacKey = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
export const storedCard = (name: string): string => `pm_adyen_shopper_1_${name.toUpperCase().padEnd(16, '0')}`;

type Json = Record<string, unknown>;
type Amount = AdyenItem['amount'];
type Modifying = 'captures' | 'refunds' | 'cancels';

interface Entry {
  readonly psp: string;
  readonly reference: string;
  readonly status: string;
  readonly amount: Amount;
  captured: number;
  refunded: number;
  canceled: boolean;
}

/** A capture or refund, whoever asked for it. */
interface Part {
  readonly entry: Entry;
  readonly kind: Modifying;
  readonly merchantReference: string;
  readonly amount: Amount;
}

export interface AdyenItem {
  eventCode: string;
  success: 'true' | 'false';
  pspReference: string;
  originalReference?: string;
  merchantAccountCode: string;
  merchantReference: string;
  amount: { value: number; currency: string };
  eventDate: string;
  paymentMethod?: string;
  reason?: string;
  operations?: readonly string[];
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

export const messageOf = (...items: AdyenItem[]): Buffer => messageIn('false', items);

/** `live`: of which mode, as Adyen writes it. */
export const messageIn = (live: 'true' | 'false', items: readonly AdyenItem[]): Buffer =>
  Buffer.from(JSON.stringify({ live, notificationItems: items.map((each) => ({ NotificationRequestItem: each })) }));

const placeOf = (path: string): { readonly kind: string; readonly psp: string | undefined } => {
  // In live mode `/checkout` stands before the version.
  const [, , collection = '', psp, kind] = path.replace(/^\/checkout(?=\/v\d+\/)/, '').split('/');
  if (collection === 'sessions') return { kind: 'sessions', psp };
  return psp === 'details' ? { kind: 'details', psp: undefined } : { kind: kind ?? 'payments', psp };
};

export class AdyenStub {
  readonly payments: Entry[] = [];
  readonly items: AdyenItem[] = [];
  readonly account: AdyenAccountState = { keyRevoked: false, roleMissing: false, methodMissing: null };
  readonly #keys = new IdempotencyKeys();
  readonly #parts = new Map<string, Part>();
  /** Orders whose payer was sent away, by our reference, and payers who came back, by what they bring. */
  readonly #challenged = new Map<string, Json>();
  readonly #returning = new Map<string, { readonly reference: string; readonly resultCode: string }>();
  readonly sessions = new AdyenSessions((body, status, answer) => this.#answered(body, status, answer));
  #made = 0;
  /** The account's key, which its owner may replace. */
  apiKey: string = adyenKey;
  server!: ProviderServer;

  async start(): Promise<this> {
    this.server = await providerServer((call) => this.#answer(call));
    return this;
  }

  chargesOf = (reference: string) =>
    this.payments.filter((each) => each.reference === reference && each.status === 'Authorised');

  /** In the Customer Area, where nobody names anything of ours but the payment. */
  readonly customerArea = {
    capture: (psp: string, value: number) => this.#byHand('captures', psp, value),
    refund: (psp: string, value: number) => this.#byHand('refunds', psp, value),
    cancelOrRefund: (psp: string): void => {
      const entry = this.#entry(psp);
      if (entry.captured > 0) entry.refunded = entry.captured;
      else entry.canceled = true;
      this.#tell(entry, {
        eventCode: 'CANCEL_OR_REFUND',
        pspReference: this.#psp(),
        merchantReference: entry.reference,
      });
    },
  };

  /** The scheme rejects what had been taken for done. */
  fails(part: string): void {
    const { entry, kind, merchantReference, amount } = this.#part(part);
    entry[kind === 'captures' ? 'captured' : 'refunded'] -= amount.value;
    const eventCode = kind === 'captures' ? 'CAPTURE_FAILED' : 'REFUND_FAILED';
    this.#tell(entry, { eventCode, pspReference: part, merchantReference, amount, reason: 'Capture Failed' });
  }

  /** Adyen captures anew what failed, under a reference of its own. */
  recaptures(part: string): string {
    const { entry, merchantReference, amount } = this.#part(part);
    const reason = 'Transaction Auto-recaptured';
    return this.#execute({ entry, kind: 'captures', merchantReference, amount }, reason);
  }

  /** One dispute has one reference, in all of its events. */
  disputes(psp: string, dispute: string, eventCode: string): void {
    const entry = this.#entry(psp);
    this.#tell(entry, { eventCode, pspReference: dispute, merchantReference: entry.reference, amount: entry.amount });
  }

  #entry(psp: string): Entry {
    const entry = this.payments.find((each) => each.psp === psp);
    if (entry === undefined) throw new Error(`no payment ${psp}`);
    return entry;
  }

  #part(psp: string): Part {
    const part = this.#parts.get(psp);
    if (part === undefined) throw new Error(`no capture or refund ${psp}`);
    return part;
  }

  #byHand(kind: Modifying, psp: string, value: number): string {
    const entry = this.#entry(psp);
    const amount = { ...entry.amount, value };
    return this.#execute({ entry, kind, merchantReference: entry.reference, amount });
  }

  #tell(entry: Entry, changes: Partial<AdyenItem>): void {
    const about = { originalReference: entry.psp, amount: entry.amount, paymentMethod: 'visa', reason: '' };
    this.items.push(item({ ...about, ...changes }));
  }

  #answer(call: Call): Promise<Given> | Given {
    const { kind, psp } = placeOf(call.path);
    const key = call.headers['idempotency-key'];
    if (call.headers['x-api-key'] !== this.apiKey) return failure(401, 'security', '000', 'Unauthorized');
    if (call.path.endsWith('/storedPaymentMethods')) {
      return this.sessions.storedOf(call.query.get('shopperReference') ?? '', call.query.get('merchantAccount') ?? '');
    }
    if (call.method === 'GET') return this.sessions.result(psp ?? '', call.query.get('sessionResult'));
    const body = JSON.parse(call.body) as Json;
    const refused = refusalOf(this.account, kind, body, merchantAccount);
    if (refused !== null) return refused;
    if (typeof key !== 'string' || key.length > 64) return failure(422, 'validation', '708', 'key too long');
    // Adyen looks at the key alone: another body is answered as the first was.
    return this.#keys.under(
      key,
      call.path,
      async () => {
        if (kind === 'sessions') return this.sessions.open(body);
        if (kind === 'details') return this.#complete(body);
        return psp === undefined ? this.#pay(body) : this.#modify(psp, kind as Modifying, body);
      },
      () => keyInUse,
    );
  }

  /** A payer comes back from a challenge: what they bring, and what it came to. */
  returns(reference: string, resultCode: 'Authorised' | 'Refused'): string {
    const redirectResult = `result_${this.#returning.size}`;
    this.#returning.set(redirectResult, { reference, resultCode });
    return redirectResult;
  }

  #complete({ details }: Json): Given {
    const { redirectResult } = details as { readonly redirectResult?: string };
    const came = this.#returning.get(redirectResult ?? '');
    const body = this.#challenged.get(came?.reference ?? '');
    if (came === undefined || body === undefined) return failure(422, 'validation', '14_006', 'redirectResult');
    // What was brought once is used up.
    this.#returning.delete(redirectResult ?? '');
    const { resultCode } = came;
    return this.#answered(body, resultCode, resultCode === 'Authorised' ? { amount: body.amount } : {});
  }

  #pay(body: Json): Given {
    const reference = String(body.reference);
    const { storedPaymentMethodId: card } = body.paymentMethod as Record<string, string>;
    if (card?.startsWith('DECLINED')) {
      return this.#answered(body, 'Refused', { refusalReason: 'Not enough balance', refusalReasonCode: '12' });
    }
    const stored = this.sessions.stored.find(({ id }) => id === card);
    if (stored !== undefined && stored.shopperReference !== body.shopperReference) {
      return failure(422, 'validation', '803', 'PaymentDetail not found');
    }
    if (card?.startsWith('AUTHENTICATE') && body.recurringProcessingModel !== 'CardOnFile') {
      return this.#answered(body, 'Refused', { refusalReason: 'Authentication required', refusalReasonCode: '38' });
    }
    if (card?.startsWith('CHALLENGE')) {
      const url = 'https://checkoutshopper-test.adyen.com/threeDS/redirect?MD=x';
      this.#challenged.set(reference, body);
      if (card.startsWith('CHALLENGEN')) {
        const native = { type: 'threeDS2', subtype: 'challenge', token: 'eyJ0', authorisationToken: 'Ab02', url };
        return { status: 200, body: { resultCode: 'ChallengeShopper', action: native } };
      }
      const posted = { method: 'POST', data: { MD: 'md', PaReq: 'pareq', TermUrl: 'https://checkout.example/term' } };
      const how = card.startsWith('CHALLENGEP') ? posted : { method: 'GET' };
      const action = { type: 'redirect', paymentMethodType: 'scheme', url, ...how };
      return { status: 200, body: { resultCode: 'RedirectShopper', action } };
    }
    return this.#answered(body, 'Authorised', { amount: body.amount });
  }

  #answered(body: Json, status: string, answer: Json): Given {
    const pspReference = this.#psp();
    const reference = String(body.reference);
    const amount = body.amount as Amount;
    const manual = (body.additionalData as Record<string, string> | undefined)?.manualCapture === 'true';
    const named = { pspReference, merchantReference: reference };
    const success = status === 'Authorised' ? 'true' : 'false';
    const captured = success === 'true' && !manual ? amount.value : 0;
    this.payments.push({ psp: pspReference, reference, status, amount, captured, refunded: 0, canceled: false });
    const operations = success === 'true' ? ['CANCEL', 'CAPTURE', 'REFUND'] : [];
    this.items.push(item({ success, ...named, amount, paymentMethod: 'visa', reason: '', operations }));
    return { status: 200, body: { resultCode: status, ...named, ...answer } };
  }

  #modify(psp: string, kind: Modifying, body: Json): Given {
    const entry = this.payments.find((each) => each.psp === psp && each.status === 'Authorised');
    if (entry === undefined) return noSuchPayment;
    const amount = (body.amount ?? entry.amount) as Amount;
    const merchantReference = String(body.reference ?? '');
    const pspReference = this.#execute({ entry, kind, merchantReference, amount });
    const given = { merchantAccount, paymentPspReference: psp, pspReference, reference: merchantReference };
    return { status: 201, body: { ...given, status: 'received', ...(body.amount !== undefined && { amount }) } };
  }

  /** Received is every one; whether there was the money is told by its item. */
  #execute(part: Part, reason = ''): string {
    const { entry, kind, merchantReference, amount } = part;
    const pspReference = this.#psp();
    const open = entry.canceled ? 0 : entry.amount.value - entry.captured;
    const has = { captures: open, cancels: Math.min(open, 1) * amount.value, refunds: entry.captured - entry.refunded };
    const done = has[kind] > 0 && amount.value <= has[kind];
    if (done && kind === 'captures') entry.captured += amount.value;
    if (done && kind === 'refunds') entry.refunded += amount.value;
    if (done && kind === 'cancels') entry.canceled = true;
    if (done) this.#parts.set(pspReference, part);
    const eventCode = { captures: 'CAPTURE', refunds: 'REFUND', cancels: 'CANCELLATION' }[kind];
    const outcome = done
      ? { success: 'true', reason }
      : { success: 'false', reason: 'Insufficient balance on payment' };
    this.#tell(entry, { eventCode, pspReference, merchantReference, amount, ...(outcome as Partial<AdyenItem>) });
    return pspReference;
  }

  #psp(): string {
    this.#made += 1;
    return `PSP${String(this.#made).padStart(13, '0')}`;
  }
}
