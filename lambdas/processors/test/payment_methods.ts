// The tokens that the test processor could know. A token that is not listed is refused before anything is stored.

export const testPaymentMethods: ReadonlySet<string> = new Set([
  'pm_test_visa',
  'pm_test_declined',
  'pm_test_insufficient_funds',
  'pm_test_3ds',
  'pm_test_authentication_required',
  'pm_test_timeout_then_charged',
  'pm_test_timeout_not_charged',
  'pm_test_overloaded_once',
  'pm_test_late_webhook',
  'pm_test_review',
  'pm_test_dispute_fraud',
  'pm_test_refund_fails',
  'pm_test_slow',
]);
