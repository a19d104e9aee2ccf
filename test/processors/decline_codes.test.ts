// Decline codes: whatever a processor documents is put into our closed set on purpose, and its own code stands beside it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeclineCode, declineCodes, declineMessages } from '../../contract/payments/decline_codes.ts';
import { declineCodeOf } from '../../lambdas/processors/decline_codes.ts';
import { declined } from '../../lambdas/processors/outcomes.ts';

/** docs.stripe.com/declines/codes, read 2026-12. */
const stripe = (
  'approve_with_id authentication_required call_issuer card_not_supported card_velocity_exceeded currency_not_supported ' +
  'do_not_honor do_not_try_again duplicate_transaction expired_card fraudulent generic_decline incorrect_address incorrect_number ' +
  'incorrect_cvc incorrect_pin incorrect_zip insufficient_funds invalid_account invalid_amount invalid_cvc invalid_expiry_month ' +
  'invalid_expiry_year invalid_number invalid_pin issuer_not_available lost_card merchant_blacklist ' +
  'mobile_device_authentication_required new_account_information_available no_action_taken not_permitted offline_pin_required ' +
  'online_or_offline_pin_required pickup_card pin_try_exceeded processing_error reenter_transaction restricted_card ' +
  'revocation_of_all_authorizations revocation_of_authorization security_violation service_not_allowed stolen_card ' +
  'stop_payment_order testmode_decline transaction_not_allowed try_again_later withdrawal_count_limit_exceeded'
).split(' ');
/** docs.adyen.com/development-resources/refusal-reasons, read 2026-12: 1, 13 and 30 are none. */
const adyen = Array.from({ length: 47 }, (_, code) => String(code)).filter((code) => !['1', '13', '30'].includes(code));

/** What means no more than "no". */
const generic: readonly string[] = [
  'generic_decline',
  'testmode_decline',
  'new_account_information_available',
  '0',
  '15',
  '16',
  '21',
];

describe('a decline code', () => {
  it.each([
    ['stripe', stripe],
    ['adyen', adyen],
  ] as const)('of %s that is documented has a meaning of ours', (provider, documented) => {
    const lost = documented.filter(
      (raw) => declineCodeOf(provider, raw) === 'generic_decline' && !generic.includes(raw),
    );
    expect(lost).toEqual([]);
  });

  it.each<['stripe' | 'adyen', string, DeclineCode]>([
    ['stripe', 'insufficient_funds', 'insufficient_funds'],
    ['stripe', 'payment_intent_authentication_failure', 'authentication_failed'],
    ['stripe', 'fraudulent', 'suspected_fraud'],
    ['stripe', 'pickup_card', 'restricted_card'],
    ['adyen', '12', 'insufficient_funds'],
    ['adyen', '38', 'authentication_required'],
    ['adyen', '6', 'expired_card'],
    ['adyen', '20', 'suspected_fraud'],
  ])('of %s, %s, is %s', (provider, raw, code) => {
    expect(declined(provider, raw)).toMatchObject({ declineCode: code, rawDeclineCode: raw });
  });

  it('that nobody documents is a generic decline, and never another’s word', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('stripe' as const, 'adyen' as const, 'test' as const),
        fc.string(),
        (provider, raw) => {
          expect(declineCodes).toContain(declineCodeOf(provider, raw));
        },
      ),
    );
    expect(declineCodeOf('stripe', 'toString')).toBe('generic_decline');
    expect(declineCodeOf('adyen', 'lost_card')).toBe('generic_decline');
    expect(declined('stripe', null)).toEqual({
      kind: 'declined',
      declineCode: null,
      message: declineMessages.generic_decline,
    });
  });

  it('that would tell a thief something reads like any other', () => {
    for (const code of ['lost_card', 'stolen_card', 'suspected_fraud'] as const)
      expect(declineMessages[code]).toBe(declineMessages.generic_decline);
  });
});
