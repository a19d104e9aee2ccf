// The one matcher of numbers that must never be stored or logged: of cards (PCI-1) and of bank accounts (PCI-3). Requests,
// processors' notifications, answers of webhook endpoints and log lines all ask it (docs/decisions/0028).

import { holdsCardNumber } from './card_number.ts';
import { holdsIban } from './iban.ts';
import { readings } from './plain_text.ts';

export type AccountNumber = 'card' | 'iban';

/** Which of them a text holds, however it is written; null: neither. */
export function accountNumberIn(text: string): AccountNumber | null {
  const forms = readings(text);
  // First: the digits of a bank account may pass for a card's.
  if (forms.some(holdsIban)) return 'iban';
  return forms.some(holdsCardNumber) ? 'card' : null;
}

/** The same of all that stands in a parsed value: names, strings, numbers. */
export function accountNumberWithin(value: unknown): AccountNumber | null {
  for (const text of textsIn(value)) {
    const found = accountNumberIn(text);
    if (found !== null) return found;
  }
  return null;
}

/** What holds one is replaced by this, as a whole. */
export const withheld = '[withheld]';

export const withoutAccountNumber = (text: string): string => (accountNumberIn(text) === null ? text : withheld);

/** Escapes hide nothing in what was parsed. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number') yield String(value);
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      yield name;
      yield* textsIn(item);
    }
  }
}
