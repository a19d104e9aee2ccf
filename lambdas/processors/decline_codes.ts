// Decline codes of each processor in our closed set. Every code that a processor documents is put somewhere on purpose; one that it does
// not document is a generic decline, with its own code beside it. Lost, stolen and suspected of fraud are told apart for merchants, and
// their messages are those of a generic decline, as who holds the card must not learn which it is.
//
// Sources: docs.stripe.com/declines/codes and /error-codes, /refunds#failed-refunds;
// docs.adyen.com/development-resources/refusal-reasons; read 2026-12.

import { type DeclineCode, declineMessages } from '../../contract/payments/decline_codes.ts';

export type Provider = 'stripe' | 'adyen' | 'test';

/** Stripe's, by ours; a code of ours that Stripe has too stands for itself. */
const stripe: Readonly<Partial<Record<DeclineCode, readonly string[]>>> = {
  authentication_failed: ['payment_intent_authentication_failure'],
  authentication_required: ['mobile_device_authentication_required'],
  do_not_honor: ['call_issuer', 'no_action_taken'],
  generic_decline: ['card_declined', 'testmode_decline', 'new_account_information_available', 'unknown', 'declined'],
  incorrect_address: ['incorrect_address', 'incorrect_zip'],
  incorrect_cvc: ['invalid_cvc'],
  incorrect_number: ['invalid_number', 'invalid_expiry_month', 'invalid_expiry_year'],
  incorrect_pin: ['invalid_pin', 'offline_pin_required', 'online_or_offline_pin_required'],
  limit_exceeded: ['card_velocity_exceeded', 'pin_try_exceeded', 'withdrawal_count_limit_exceeded'],
  lost_card: ['lost_or_stolen_card'],
  not_permitted: ['not_permitted', 'service_not_allowed', 'transaction_not_allowed'],
  processing_error: ['reenter_transaction', 'approve_with_id'],
  refund_declined: [
    'refund_failed',
    'expired_or_canceled_card',
    'charge_for_pending_refund_disputed',
    'merchant_request',
  ],
  restricted_card: ['pickup_card', 'security_violation'],
  revoked: ['revocation_of_all_authorizations', 'revocation_of_authorization', 'stop_payment_order'],
  suspected_fraud: ['fraudulent', 'merchant_blacklist'],
};

/** Adyen's refusalReasonCode, by ours. */
const adyen: Readonly<Partial<Record<DeclineCode, readonly string[]>>> = {
  authentication_failed: ['11', '39', '42'],
  authentication_required: ['38'],
  card_not_supported: ['10', '34', '35', '37', '40', '44', '45'],
  do_not_honor: ['2', '3', '27'],
  do_not_try_again: ['46'],
  expired_card: ['6'],
  generic_decline: ['0', '15', '16', '21'],
  incorrect_address: ['32'],
  incorrect_cvc: ['24'],
  incorrect_number: ['8'],
  incorrect_pin: ['17', '19', '33', '36', '41', '43'],
  insufficient_funds: ['12'],
  invalid_amount: ['7'],
  issuer_not_available: ['9'],
  limit_exceeded: ['18', '28', '29'],
  not_permitted: ['23'],
  processing_error: ['4'],
  restricted_card: ['5', '25'],
  revoked: ['26'],
  suspected_fraud: ['14', '20', '22', '31'],
};

const reversed = (codes: Readonly<Partial<Record<DeclineCode, readonly string[]>>>): ReadonlyMap<string, DeclineCode> =>
  new Map(Object.entries(codes).flatMap(([ours, theirs]) => theirs.map((raw) => [raw, ours as DeclineCode])));

const tables = { stripe: /* @__PURE__ */ reversed(stripe), adyen: /* @__PURE__ */ reversed(adyen), test: new Map() };

const isOurs = (raw: string): raw is DeclineCode => Object.hasOwn(declineMessages, raw);

/** Null: the processor gave none. */
export function declineCodeOf(provider: Provider, raw: string | null): DeclineCode | null {
  if (raw === null) return null;
  const found: DeclineCode | undefined = tables[provider].get(raw);
  return found ?? (provider !== 'adyen' && isOurs(raw) ? raw : 'generic_decline');
}
