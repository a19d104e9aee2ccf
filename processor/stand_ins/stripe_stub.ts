// A stub of Stripe with a ledger of its own: PaymentIntents, captures, refunds, keys, what is done in its Dashboard, and the events
// about it all, as docs.stripe.com describes them (API version 2026-10-28.endive; /api/errors, /error-codes, /rate-limits; read 2026-12).

import { setTimeout as pause } from 'node:timers/promises';
import type Stripe from 'stripe';
import { type Call, type Given, IdempotencyKeys, type ProviderServer, providerServer } from './provider_server.ts';
import { authorizedFor, chargedWith, StripeMethods } from './stripe_methods.ts';
import { dispute, event, paymentIntent, refund as refundObject, type StripeEvent } from './stripe_objects.ts';
import { failure, mergedMetadata, metadataOf, refusedForm, tooManyKeys, turnedAway } from './stripe_refusals.ts';

export const stripeKey = 'sk_test_51StrongroomTestKey';

type Json = Record<string, unknown>;
type Intent = Json & {
  id: string;
  status: string;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  metadata: Record<string, string>;
};

/** By collection; every other form is about an intent. */
const formOf: Readonly<Record<string, string>> = { refunds: 'refund', customers: 'customer' };

export class StripeStub {
  readonly intents = new Map<string, Intent>();
  readonly refunds: Json[] = [];
  readonly methods = new StripeMethods();
  readonly events: StripeEvent[] = [];
  /** Whether cards may be captured in parts. */
  multicapture = true;
  /** How far the search index is behind: nothing is found while it is set. */
  searchBlind = false;
  turnsAway: keyof typeof turnedAway | null = null;
  /** The account's key, which its owner may replace. */
  apiKey: string;
  readonly #live: boolean;
  readonly #keys = new IdempotencyKeys();
  #made = 0;
  server!: ProviderServer;

  constructor({ apiKey = stripeKey, live = false }: { readonly apiKey?: string; readonly live?: boolean } = {}) {
    this.apiKey = apiKey;
    this.#live = live;
  }

  async start(): Promise<this> {
    this.server = await providerServer((call) => this.#answer(call));
    return this;
  }

  chargesOf = (reference: string): Intent[] =>
    [...this.intents.values()].filter(
      ({ metadata, status }) =>
        metadata.reference === reference && ['succeeded', 'requires_capture', 'processing'].includes(status),
    );

  /** A payer finishes a challenge, or somebody at Stripe does something to an intent. */
  change(id: string, changes: Json, type: string): void {
    const intent = this.#intent(id);
    Object.assign(intent, changes);
    this.report(type, intent);
  }

  report(type: string, object: Json): void {
    this.#made += 1;
    this.events.push({ ...event(type, object, 1_790_000_000 + this.#made), livemode: this.#live });
  }

  /** In the Dashboard, where nobody marks anything as ours. */
  readonly dashboard = {
    capture: (id: string, amount: number): Given =>
      this.#capture(this.#intent(id), new URLSearchParams({ amount_to_capture: `${amount}`, final_capture: 'false' })),
    refund: (id: string, amount: number): Given =>
      this.#refund(new URLSearchParams({ payment_intent: id, amount: `${amount}` })),
    cancel: (id: string): Given => this.#cancel(this.#intent(id)),
  };

  /** A refund goes on, or comes back from the bank. */
  updateRefund(id: string, status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'): void {
    const found = this.refunds.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no refund ${id}`);
    Object.assign(found, { status, ...(status === 'failed' && { failure_reason: 'expired_or_canceled_card' }) });
    this.report('refund.updated', found);
    if (status === 'failed') this.report('refund.failed', found);
  }

  disputes(id: string, status: Stripe.Dispute['status'], more: Partial<Stripe.Dispute> = {}): void {
    const { amount, currency } = this.#intent(id);
    const object = dispute({ amount, currency: String(currency), payment_intent: id, status, ...more });
    const closed = ['won', 'lost', 'warning_closed', 'prevented'].includes(status);
    this.report(`charge.dispute.${closed ? 'closed' : 'updated'}`, { ...object });
  }

  #intent(id: string): Intent {
    const intent = this.intents.get(id);
    if (intent === undefined) throw new Error(`no intent ${id}`);
    return intent;
  }

  #answer(call: Call): Promise<Given> | Given {
    if (call.headers.authorization !== `Bearer ${this.apiKey}`) return failure(401, 'invalid_request_error');
    if (this.turnsAway !== null) {
      const [status, code] = turnedAway[this.turnsAway];
      return failure(status, 'invalid_request_error', code === null ? {} : { code });
    }
    const key = call.headers['idempotency-key'];
    if (call.method === 'GET') return this.#read(call);
    // An update moves nothing, and is sent without a key.
    if (typeof key !== 'string') {
      const moves = !/^\/v1\/payment_intents\/\w+$/.test(call.path);
      // Ours always sends one: Stripe would do it as often as it is asked.
      if (moves) return failure(400, 'idempotency_error');
      return this.#serve(call.path, new URLSearchParams(call.body));
    }
    return this.#keys.under(
      key,
      `${call.path} ${call.body}`,
      () => this.#serve(call.path, new URLSearchParams(call.body)),
      (why) =>
        why === 'other'
          ? failure(400, 'idempotency_error')
          : failure(409, 'idempotency_error', { code: 'idempotency_key_in_use' }),
    );
  }

  #read({ path, query }: Call): Given {
    if (path === '/v1/refunds') {
      return ok({
        data: this.refunds.filter((each) => each.payment_intent === query.get('payment_intent')),
        has_more: false,
      });
    }
    if (path === '/v1/payment_intents/search') {
      const order = /^metadata\['order'\]:'(\w+)'$/.exec(query.get('query') ?? '')?.[1];
      const found = [...this.intents.values()].filter(({ metadata }) => metadata.order === order);
      return ok({ object: 'search_result', data: this.searchBlind ? [] : found, has_more: false });
    }
    const intent = this.intents.get(path.split('/')[3] ?? '');
    if (intent === undefined) return failure(404, 'invalid_request_error', { code: 'resource_missing' });
    const status = this.multicapture ? 'available' : 'unavailable';
    const card = { multicapture: { status } };
    const expanded = { id: `ch_${intent.id}`, object: 'charge', payment_method_details: { type: 'card', card } };
    if (query.get('expand[]') === 'payment_method')
      return ok({ ...intent, payment_method: this.methods.shown(intent) });
    return ok(query.get('expand[]') === 'latest_charge' ? { ...intent, latest_charge: expanded } : intent);
  }

  async #serve(path: string, form: URLSearchParams): Promise<Given> {
    const [, , collection, id, verb] = path.split('/');
    const ofIntents = id === undefined ? 'charge' : (verb ?? 'update');
    const refused = refusedForm(formOf[collection ?? ''] ?? ofIntents, form);
    if (refused !== null) return refused;
    if (collection === 'refunds') return this.#refund(form);
    if (collection === 'customers') return this.#customer();
    if (id === undefined) return this.#charge(form);
    const intent = this.intents.get(id);
    if (intent === undefined) return failure(404, 'invalid_request_error', { code: 'resource_missing' });
    const metadata = mergedMetadata(intent.metadata, form);
    if (metadata === null) return tooManyKeys;
    if (verb === undefined) return ok(Object.assign(intent, { metadata }));
    return verb === 'capture' ? this.#capture(intent, form) : this.#cancel(intent);
  }

  /** The payer's page, with Stripe's own fields: the publishable key and the client secret are all that it has. */
  payInPage(clientSecret: string, method: 'visa' | 'declined' | '3ds'): void {
    const intent = [...this.intents.values()].find(({ client_secret }) => client_secret === clientSecret);
    if (intent === undefined || !['requires_payment_method', 'requires_action'].includes(intent.status)) {
      throw new Error('Stripe takes no payment for this');
    }
    const manual = intent.capture_method === 'manual';
    const { amount } = intent;
    if (method === 'declined') {
      const last_payment_error = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
      const changes = { status: 'requires_payment_method', last_payment_error, next_action: null };
      this.change(intent.id, changes, 'payment_intent.payment_failed');
    } else if (method === '3ds') {
      const next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } };
      this.change(intent.id, { status: 'requires_action', next_action }, 'payment_intent.requires_action');
    } else {
      const { changes, type } = authorizedFor(amount, manual);
      Object.assign(intent, { payment_method: intent.payment_method ?? `pm_page_${intent.id}` });
      this.methods.keep(intent);
      this.change(intent.id, { ...changes, next_action: null, last_payment_error: null }, type);
    }
  }

  /** Without a payment method nothing is confirmed: the payer does that. */
  #open(form: URLSearchParams): Given {
    if (form.get('confirm') === 'true' || form.has('return_url')) {
      return failure(400, 'invalid_request_error', { param: 'payment_method' });
    }
    return ok(Object.assign(this.#intentOf(form), { status: 'requires_payment_method' }));
  }

  #customer(): Given {
    this.#made += 1;
    const id = `cus_${this.#made}`;
    this.methods.customers.add(id);
    return ok({ id, object: 'customer', livemode: this.#live });
  }

  async #charge(form: URLSearchParams): Promise<Given> {
    const method = form.get('payment_method');
    if (method === null) return this.#open(form);
    const refused = this.methods.refusalOf(form);
    if (refused !== null) return refused;
    if (method === 'pm_card_slow') await pause(300);
    const intent = this.#intentOf(form);
    const { changes, type, declined } = chargedWith(method, intent.id, form);
    Object.assign(intent, changes, { payment_method: method, latest_charge: `ch_${intent.id}` });
    if (['succeeded', 'requires_capture'].includes(intent.status)) this.methods.keep(intent);
    this.report(type, intent);
    return declined ? failure(402, 'card_error', { ...declined, payment_intent: { ...intent } }) : ok(intent);
  }

  #intentOf(form: URLSearchParams): Intent {
    this.#made += 1;
    const id = `pi_${this.#made}`;
    const client_secret = `${id}_secret_${this.#made}`;
    const intent = {
      ...paymentIntent({ id, client_secret, latest_charge: null, payment_method: null, livemode: this.#live }),
      ...{ amount: Number(form.get('amount')), amount_capturable: 0, amount_received: 0 },
      ...{ currency: form.get('currency'), capture_method: form.get('capture_method'), metadata: metadataOf(form) },
      ...{ customer: form.get('customer'), setup_future_usage: form.get('setup_future_usage') },
    } as unknown as Intent;
    this.intents.set(id, intent);
    return intent;
  }

  #capture(intent: Intent, form: URLSearchParams): Given {
    const amount = Number(form.get('amount_to_capture'));
    const final = form.get('final_capture') !== 'false';
    if (intent.status !== 'requires_capture' || amount > intent.amount_capturable) {
      return failure(400, 'invalid_request_error', { code: 'payment_intent_unexpected_state' });
    }
    if (!final && !this.multicapture) return failure(400, 'invalid_request_error', { code: 'parameter_invalid' });
    Object.assign(intent.metadata, metadataOf(form));
    intent.amount_received += amount;
    intent.amount_capturable = final ? 0 : intent.amount_capturable - amount;
    if (intent.amount_capturable === 0) intent.status = 'succeeded';
    this.report(
      intent.status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated',
      intent,
    );
    return ok(intent);
  }

  #cancel(intent: Intent): Given {
    // docs.stripe.com/api/payment_intents/cancel
    const open = [
      'requires_payment_method',
      'requires_capture',
      'requires_confirmation',
      'requires_action',
      'processing',
    ];
    if (!open.includes(intent.status)) {
      return failure(400, 'invalid_request_error', { code: 'payment_intent_unexpected_state', payment_intent: intent });
    }
    Object.assign(intent, { status: 'canceled', amount_capturable: 0 });
    this.report('payment_intent.canceled', intent);
    return ok(intent);
  }

  #refund(form: URLSearchParams): Given {
    const intent = this.intents.get(form.get('payment_intent') ?? '');
    const amount = Number(form.get('amount'));
    const refunded = this.refunds
      .filter((each) => each.payment_intent === intent?.id)
      .reduce((sum, each) => sum + Number(each.amount), 0);
    if (intent === undefined || amount > intent.amount_received - refunded) {
      return failure(400, 'invalid_request_error', { code: 'charge_already_refunded' });
    }
    this.#made += 1;
    const refund: Json = {
      ...refundObject({ id: `re_${this.#made}`, payment_intent: intent.id, charge: `ch_${intent.id}` }),
      amount,
      currency: intent.currency,
      metadata: metadataOf(form),
    };
    this.refunds.push(refund);
    this.report('refund.created', refund);
    return ok(refund);
  }
}

const ok = (body: unknown): Given => ({ status: 200, body });
