// Retry-After as RFC 9110 (10.2.3) writes it: seconds, or one of the three date formats (5.6.7). Anything else is null,
// never a guess.

import { attemptLimits as limits } from '../../../contract/webhooks/limits.ts';

const seconds = /^\d{1,10}$/;
/** "Sun, 06 Nov 1994 08:49:37 GMT", or its obsolete form "Sunday, 06-Nov-94 08:49:37 GMT". */
const gmtDate = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2}(?:\d{2})? \d{2}:\d{2}:\d{2} GMT$/;
/** "Sun Nov  6 08:49:37 1994": obsolete, and in GMT without saying so. */
const ctimeDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** Whole seconds from `nowMs`, rounded up, between 0 and the limit. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const asked = seconds.test(header) ? Number(header) : Math.ceil((timeOf(header) - nowMs) / 1_000);
  return Number.isNaN(asked) ? null : Math.min(Math.max(asked, 0), limits.retryAfterSeconds);
}

const timeOf = (date: string): number => {
  if (gmtDate.test(date)) return Date.parse(date);
  return ctimeDate.test(date) ? Date.parse(`${date} GMT`) : Number.NaN;
};
