// Payment methods and customers as Stripe's stub holds them: which may be used, and what each makes of a charge.
//
// Sources: docs.stripe.com/payments/payment-methods ("attach"), /payments/save-during-payment, /declines/codes; read 2026-12.

import type { Given } from './provider_server.ts';
import { failure } from './stripe_refusals.ts';

type Json = Record<string, unknown>;

export interface Paid {
  readonly id: string;
  readonly payment_method?: unknown;
  readonly customer?: unknown;
  readonly setup_future_usage?: unknown;
}

export class StripeMethods {
  /** By method: whose it is. */
  readonly attached = new Map<string, string>();
  readonly customers = new Set<string>();
  readonly #used = new Set<string>();

  /** One that is attached is its customer's; one that is not is used once, unless it is to be kept. Null: it may be charged. */
  refusalOf(form: URLSearchParams): Given | null {
    const method = form.get('payment_method') ?? '';
    const customer = form.get('customer');
    const owner = this.attached.get(method) ?? null;
    const spent = owner === null && this.#used.has(method);
    const isNew = owner === null && form.has('setup_future_usage') && this.customers.has(customer ?? '');
    if ((owner !== customer && !isNew) || spent) {
      return failure(400, 'invalid_request_error', { param: 'payment_method' });
    }
    if (!method.startsWith('pm_card_') && !method.startsWith('pm_bank_')) this.#used.add(method);
    return null;
  }

  /** Paid, and asked to be kept, it is its customer's. */
  keep({ setup_future_usage, customer, payment_method }: Paid): void {
    if (setup_future_usage && customer) this.attached.set(String(payment_method), String(customer));
  }

  /** As an expanded PaymentIntent shows it. */
  shown({ payment_method: id }: Paid): object | null {
    if (typeof id !== 'string') return null;
    const card = { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2031 };
    return { id, object: 'payment_method', type: 'card', customer: this.attached.get(id) ?? null, card };
  }
}

export interface Charged {
  readonly changes: Json;
  /** Of the event that tells of it. */
  readonly type: string;
  readonly declined?: Json;
}

const nothing = { amount_capturable: 0, amount_received: 0 };

const declinedBy = (code: string, decline_code: string): Charged => {
  const declined = { type: 'card_error', code, decline_code };
  const changes = { ...nothing, status: 'requires_payment_method', last_payment_error: declined };
  return { changes, type: 'payment_intent.payment_failed', declined };
};

/** What the method makes of a charge. */
export function chargedWith(method: string, intent: string, form: URLSearchParams): Charged {
  const offSession = form.get('off_session') === 'true';
  // Only its payer can go on, on session.
  if (method.startsWith('pm_card_authenticate') && offSession) {
    return declinedBy('authentication_required', 'authentication_required');
  }
  if (method === 'pm_card_declined') return declinedBy('card_declined', 'insufficient_funds');
  if (method === 'pm_card_3ds') {
    const redirect_to_url = { url: `https://hooks.stripe.com/3ds/${intent}` };
    const next_action = { type: 'redirect_to_url', redirect_to_url };
    return { changes: { ...nothing, status: 'requires_action', next_action }, type: 'payment_intent.requires_action' };
  }
  if (method === 'pm_bank_debit') {
    return { changes: { ...nothing, status: 'processing' }, type: 'payment_intent.processing' };
  }
  return authorizedFor(Number(form.get('amount')), form.get('capture_method') === 'manual');
}

export const authorizedFor = (amount: number, manual: boolean): Charged =>
  manual
    ? {
        changes: { status: 'requires_capture', amount_capturable: amount, amount_received: 0 },
        type: 'payment_intent.amount_capturable_updated',
      }
    : {
        changes: { status: 'succeeded', amount_capturable: 0, amount_received: amount },
        type: 'payment_intent.succeeded',
      };
