// Reads policy documents. Reading one that is absent, or is text that cannot be parsed, throws: it is no policy without faults.

import { type Json, listed } from './rule.ts';

export const statementsOf = (document: Json): Json[] => {
  const parsed = typeof document === 'string' ? JSON.parse(document) : document;
  const statements = listed(parsed?.Statement);
  if (statements.length === 0) throw new Error('there is no policy');
  return statements;
};

/** Whether a text may stand for more than one thing. */
export const isWildcard = (text: Json): boolean => typeof text !== 'string' || /[*?]/.test(text);

export const isAnybody = (principal: Json): boolean =>
  principal === '*' ||
  (typeof principal === 'object' && principal !== null && Object.values(principal).flat().includes('*'));

/** Whether a resource's policy refuses whatever does not come by TLS. */
export const refusesPlaintext = (statements: ReturnType<typeof statementsOf>): boolean =>
  statements.some(({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false');
