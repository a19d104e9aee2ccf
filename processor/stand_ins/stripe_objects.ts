// Stripe's objects and events, whole, as its API gives them: the types are those of Stripe's own library (stripe 23.1.0, API version
// 2026-10-28.endive; docs.stripe.com/api; read 2026-12), so that a field which is missing or is none fails to compile.

import type Stripe from 'stripe';

export const apiVersion = '2026-10-28.endive';
const created = 1_790_000_000;

export const paymentIntent = (changes: Partial<Stripe.PaymentIntent> = {}): Stripe.PaymentIntent => ({
  id: 'pi_1',
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount: 1000,
  amount_capturable: 1000,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: { allow_redirects: 'always', enabled: true },
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'manual',
  client_secret: 'pi_1_secret_x',
  confirmation_method: 'automatic',
  created,
  currency: 'eur',
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: 'ch_1',
  livemode: false,
  managed_payments: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: 'pm_1',
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_capture',
  transfer_data: null,
  transfer_group: null,
  ...changes,
});

export const refund = (changes: Partial<Stripe.Refund> = {}): Stripe.Refund => ({
  id: 're_1',
  object: 'refund',
  amount: 1000,
  balance_transaction: 'txn_1',
  charge: 'ch_1',
  created,
  currency: 'eur',
  customer: null,
  customer_account: null,
  destination_details: { type: 'card' },
  metadata: {},
  payment_intent: 'pi_1',
  payment_method: 'pm_1',
  reason: null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: 'succeeded',
  transfer_reversal: null,
  ...changes,
});

export const dispute = (changes: Partial<Stripe.Dispute> = {}): Stripe.Dispute => ({
  id: 'du_1',
  object: 'dispute',
  amount: 1000,
  balance_transactions: [],
  charge: 'ch_1',
  created,
  currency: 'eur',
  enhanced_eligibility_types: [],
  // What the merchant wrote, and how it stands with it, is nobody's here.
  evidence: {} as Stripe.Dispute['evidence'],
  evidence_details: {
    due_by: created + 604_800,
    enhanced_eligibility: {},
    has_evidence: false,
    past_due: false,
    submission_count: 0,
  } as unknown as Stripe.Dispute['evidence_details'],
  intended_submission_method: null,
  is_charge_refundable: false,
  livemode: false,
  metadata: {},
  network_reason_code: '4853',
  payment_intent: 'pi_1',
  reason: 'fraudulent',
  status: 'needs_response',
  ...changes,
});

let made = 0;

export interface StripeEvent extends Omit<Stripe.EventBase, 'type' | 'data'> {
  readonly type: string;
  readonly data: { readonly object: object };
}

/** `created` in seconds: what Stripe made later has a later one, or the same. */
export function event(type: string, object: object, at = created): StripeEvent {
  made += 1;
  return {
    id: `evt_${made}`,
    object: 'event',
    api_version: apiVersion,
    created: at,
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}
