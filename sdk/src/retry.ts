// Whether a failed attempt may be made again, and after how long. What may have been carried out is repeated only where
// a repeat changes nothing.

import { ConnectionError, retryAfterMaxSeconds, type StrongroomError } from './errors.ts';

const backoffMinMs = 500;
const backoffMaxMs = 8_000;

/** Null: do not. `made`: attempts so far. `repeatable`: a repeat of what was carried out changes nothing. */
export function pauseMs(
  failure: StrongroomError | ConnectionError,
  made: number,
  repeatable: boolean,
  random: () => number,
): number | null {
  const askedSeconds = failure instanceof ConnectionError ? 0 : (failure.retryAfterSeconds ?? 0);
  if (!mayRepeat(failure, repeatable) || askedSeconds > retryAfterMaxSeconds) return null;
  return askedSeconds * 1000 + random() * Math.min(backoffMaxMs, backoffMinMs * 2 ** (made - 1));
}

function mayRepeat(failure: StrongroomError | ConnectionError, repeatable: boolean): boolean {
  if (failure instanceof ConnectionError) return repeatable;
  const { code, status } = failure;
  if (status === null) return false;
  // Refused before anything was done.
  if (status === 429) return true;
  if (code === 'idempotency_in_progress') return repeatable;
  // 501: it will not be built by then.
  return repeatable && status >= 500 && status !== 501;
}
