// The refusals of what was sent, whichever part of the request it stands in.

import { accountNumberWithin } from '../domain/account_number.ts';
import { type Finding, Refusal } from '../domain/refusal.ts';

export const invalid = (findings: readonly Finding[]): Refusal => new Refusal('request_invalid', { findings });

export function refuseAccountNumbers(value: unknown): void {
  const found = accountNumberWithin(value);
  if (found !== null) throw new Refusal(found === 'card' ? 'card_data_not_accepted' : 'bank_account_not_accepted');
}
