// Why a payment method or its issuer said no: a closed set, in the field's own words where there is one. What a processor says in its
// own code is put into these (lambdas/processors/decline_codes.ts), and its code stands beside them.

/**
 * What may help. "never": the same method will be declined again. "later": the same request may succeed another time. "corrected":
 * once the payer has given it again, without the mistake. "payer": once the payer is there and authenticates.
 */
export const declineAdvice = ['never', 'later', 'corrected', 'payer'] as const;
export type DeclineAdvice = (typeof declineAdvice)[number];

interface Decline {
  /** What a merchant may show or read. It says no more than the code. */
  readonly message: string;
  readonly helps: DeclineAdvice;
}

const declined = 'The payment method was declined';

export const declines = {
  authentication_failed: { message: 'The payer did not pass the authentication.', helps: 'payer' },
  authentication_required: { message: 'The issuer asks for the payer, who was not there.', helps: 'payer' },
  card_not_supported: { message: `${declined}: it is not made for such purchases.`, helps: 'never' },
  currency_not_supported: { message: `${declined}: it does not take this currency.`, helps: 'never' },
  do_not_honor: { message: `${declined} by its issuer, who gives no reason.`, helps: 'later' },
  do_not_try_again: { message: `${declined} by its issuer, for good.`, helps: 'never' },
  duplicate_transaction: { message: `${declined}: the same payment was made a moment ago.`, helps: 'later' },
  expired_card: { message: `${declined}: it has expired.`, helps: 'never' },
  generic_decline: { message: 'The payment method or its issuer declined.', helps: 'later' },
  incorrect_address: { message: `${declined}: the address does not fit.`, helps: 'corrected' },
  incorrect_cvc: { message: `${declined}: the security code is wrong.`, helps: 'corrected' },
  incorrect_number: { message: `${declined}: there is no such number.`, helps: 'corrected' },
  incorrect_pin: { message: `${declined}: the PIN is wrong, or was not given.`, helps: 'corrected' },
  insufficient_funds: { message: `${declined}: insufficient funds.`, helps: 'later' },
  invalid_account: { message: `${declined}: its account is closed or is none.`, helps: 'never' },
  invalid_amount: { message: `${declined}: not for this amount.`, helps: 'never' },
  issuer_not_available: { message: 'The issuer could not be reached.', helps: 'later' },
  limit_exceeded: { message: `${declined}: it was used too much, or for too much.`, helps: 'later' },
  lost_card: { message: 'The payment method or its issuer declined.', helps: 'never' },
  not_permitted: { message: `${declined}: it may not pay for this.`, helps: 'never' },
  processing_error: { message: 'The payment failed on its way to the issuer.', helps: 'later' },
  refund_declined: { message: 'The refund was declined.', helps: 'never' },
  restricted_card: { message: `${declined}: it is blocked.`, helps: 'never' },
  review_rejected: { message: 'The payment was rejected in a review.', helps: 'never' },
  revoked: { message: `${declined}: the payer stopped such payments at the issuer.`, helps: 'never' },
  stolen_card: { message: 'The payment method or its issuer declined.', helps: 'never' },
  suspected_fraud: { message: 'The payment method or its issuer declined.', helps: 'never' },
  try_again_later: { message: `${declined} for now.`, helps: 'later' },
} as const satisfies Readonly<Record<string, Decline>>;

export type DeclineCode = keyof typeof declines;
export const declineCodes = Object.keys(declines) as [DeclineCode, ...DeclineCode[]];
