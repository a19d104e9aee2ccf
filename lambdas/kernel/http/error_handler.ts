// Turns what was thrown into a problem of the catalogue. An exception's text never leaves this process.

import { type ErrorCode, errors, type Operation } from '../../../contract/capabilities.ts';
import { idPattern } from '../../../contract/kernel/ids.ts';
import { type IdKind, idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { Refusal, type RefusalDetails } from '../domain/refusal.ts';
import type { HandlerPorts } from '../operation/call.ts';
import { problem } from './answer.ts';
import { writeRefusalEntry } from './audit.ts';
import type { Middleware } from './exchange.ts';

export const errorHandler = (operation: Operation, ports: HandlerPorts): Middleware => ({
  onError: async (exchange) => {
    const { error, event, internal } = exchange;
    const { requestId } = event.requestContext;
    let code: ErrorCode = error instanceof Refusal ? error.code : isPassing(error) ? 'unavailable' : 'internal_error';
    let details = error instanceof Refusal ? error.details : detailsOf(code);
    if (internal.identity !== undefined) {
      const request = {
        requestId,
        identity: internal.identity,
        sourceAddress: event.requestContext.identity.sourceIp,
        target: namedTarget(event.pathParameters ?? {}),
      };
      await writeRefusalEntry(ports, operation, request, code).catch((failure: Error) => {
        // A refusal without its entry must not be given: the next request gets it, with its entry.
        exchange.error = failure;
        code = 'unavailable';
        details = detailsOf(code);
      });
    }
    internal.code = code;
    exchange.response = problem(code, details, requestId);
  },
});

/** The object that the path names. Only what has the form of an id: anything else could be anybody's secret. */
function namedTarget(params: Readonly<Record<string, string | undefined>>): string | null {
  const ids = Object.entries(params).filter(([name, value]) => {
    const kind = name.replace(/_id$/, '');
    return value !== undefined && Object.hasOwn(idPrefixes, kind) && idPattern(kind as IdKind).test(value);
  });
  return ids.at(-1)?.[1] ?? null;
}

const detailsOf = (code: ErrorCode): RefusalDetails => (errors[code].status === 503 ? { retryAfterSeconds: 1 } : {});

const passing = new Set([
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
  'TransactionInProgressException',
  'TransactionConflictException',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
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
