// Turns what was thrown into a problem of the catalogue. An exception's text never leaves the house.

import { type ErrorCode, errors } from '../../contract/errors.ts';
import { Refusal } from '../domain/refusal.ts';
import { problem } from './answer.ts';
import type { Middleware } from './exchange.ts';

export const problems = (): Middleware => ({
  onError: (exchange) => {
    const { error, event, internal } = exchange;
    const code = error instanceof Refusal ? error.code : isPassing(error) ? 'unavailable' : 'internal_error';
    const details = error instanceof Refusal ? error.details : detailsOf(code);
    internal.code = code;
    exchange.response = problem(code, details, event.requestContext.requestId);
  },
});

const detailsOf = (code: ErrorCode) => (errors[code].status === 503 ? { retryAfterSeconds: 1 } : {});

const passing = new Set([
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
  'TransactionInProgressException',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

/** AWS did not answer, or asked us to wait: the same request may succeed, and its key makes that safe. */
function isPassing(error: Error | null | undefined): boolean {
  if (!error) return false;
  const { name, code, $fault } = error as Error & { code?: unknown; $fault?: unknown };
  return $fault === 'server' || passing.has(name) || (typeof code === 'string' && passing.has(code));
}
