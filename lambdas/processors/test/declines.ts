// What merchants read when the test processor declines: our words for its codes. Its own text never passes through.

const messages: ReadonlyMap<string, string> = new Map([
  ['generic_decline', 'The payment method was declined.'],
  ['insufficient_funds', 'The payment method was declined: insufficient funds.'],
  ['authentication_required', 'The issuer asks for the payer, who was not there.'],
  ['authentication_failed', 'The payer did not pass the authentication.'],
  ['review_rejected', 'The payment was rejected in a review.'],
  ['refund_declined', 'The refund was declined.'],
]);

export const declineMessage = (declineCode: string | null): string =>
  messages.get(declineCode ?? '') ?? 'The payment was declined.';

/** The processor's own rules forbid the order: it refuses every repeat in the same way. */
export const refusedMessage = 'The processor refused the order.';
