// What each payment method of test mode does, for readers. A test compares the list with the adapter's.

export const testPaymentMethodTexts: Readonly<Record<string, string>> = {
  pm_test_visa: 'Is approved.',
  pm_test_declined: 'Is declined.',
  pm_test_insufficient_funds: 'Is declined for want of funds.',
  pm_test_3ds: 'Needs the payer: the payment is requires_action, with a next_action.',
  pm_test_review: 'Waits in the processor’s review.',
  pm_test_late_webhook: 'Stays pending for a while, then is approved.',
  pm_test_slow: 'Is approved after a pause.',
  pm_test_timeout_then_charged: 'Charges, but the answer is lost: the payment is processing, and is found charged.',
  pm_test_timeout_not_charged: 'The answer is lost, and nothing was charged.',
  pm_test_overloaded_once: 'Is turned away once, then approved.',
  pm_test_authentication_required: 'Is approved; off session it is declined with authentication_required.',
  pm_test_refund_fails: 'Is approved; its refunds fail.',
  pm_test_dispute_fraud: 'Is approved; the payer disputes it after the capture.',
};
