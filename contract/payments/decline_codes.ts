// Why a payment method or its issuer said no: a closed set, in the field's own words where there is one. What a processor says in its
// own code is put into these (lambdas/processors/decline_codes.ts), and its code stands beside them.

const declined = 'The payment method was declined';
const generic = 'The payment method or its issuer declined.';

/** What a merchant may show or read of each. It says no more than the code. */
export const declineMessages = {
  authentication_failed: 'The payer did not pass the authentication.',
  authentication_required: 'The issuer asks for the payer, who was not there.',
  card_not_supported: `${declined}: it is not made for such purchases.`,
  currency_not_supported: `${declined}: it does not take this currency.`,
  do_not_honor: `${declined} by its issuer, who gives no reason.`,
  do_not_try_again: `${declined} by its issuer, for good.`,
  duplicate_transaction: `${declined}: the same payment was made a moment ago.`,
  expired_card: `${declined}: it has expired.`,
  generic_decline: generic,
  incorrect_address: `${declined}: the address does not fit.`,
  incorrect_cvc: `${declined}: the security code is wrong.`,
  incorrect_number: `${declined}: there is no such number.`,
  incorrect_pin: `${declined}: the PIN is wrong, or was not given.`,
  insufficient_funds: `${declined}: insufficient funds.`,
  invalid_account: `${declined}: its account is closed or is none.`,
  invalid_amount: `${declined}: not for this amount.`,
  issuer_not_available: 'The issuer could not be reached.',
  limit_exceeded: `${declined}: it was used too much, or for too much.`,
  lost_card: generic,
  not_permitted: `${declined}: it may not pay for this.`,
  processing_error: 'The payment failed on its way to the issuer.',
  refund_declined: 'The refund was declined.',
  restricted_card: `${declined}: it is blocked.`,
  review_rejected: 'The payment was rejected in a review.',
  revoked: `${declined}: the payer stopped such payments at the issuer.`,
  stolen_card: generic,
  suspected_fraud: generic,
  try_again_later: `${declined} for now.`,
} as const satisfies Readonly<Record<string, string>>;

export type DeclineCode = keyof typeof declineMessages;
export const declineCodes = Object.keys(declineMessages) as [DeclineCode, ...DeclineCode[]];
