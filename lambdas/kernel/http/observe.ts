// One log line and one set of metrics per request, however it ended. Outermost: it sees the final answer.

import type { Operation } from '../../../contract/capabilities.ts';
import { defectOf } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import type { Exchange, Middleware } from './exchange.ts';

export function observe(operation: Operation, platform: Platform): Middleware {
  const finish = ({ event, internal, response, error }: Exchange): void => {
    const status = response?.statusCode ?? 500;
    const duration_ms = platform.clock() - (internal.startedAtMs ?? platform.clock());
    const fault = status >= 500;
    const { identity } = internal;
    platform.log(fault ? 'request_failed' : 'request_answered', {
      operation: operation.id,
      request_id: event.requestContext.requestId,
      status,
      duration_ms,
      ...(internal.code !== undefined && { code: internal.code }),
      ...(identity && { actor: identity.actor.id }),
      ...(identity?.tenant && { tenant: identity.tenant }),
      ...(identity?.mode && { mode: identity.mode }),
      ...(fault && error && { defect: defectOf(error) }),
      ...(fault && error && { at: firstFrame(error) }),
    });
    platform.meter(operation.id, operation.slo, { durationMs: duration_ms, fault });
  };
  return {
    before: ({ internal }) => {
      internal.startedAtMs = platform.clock();
    },
    after: finish,
    onError: finish,
  };
}

/** Where it was thrown: a place in our code, which holds no value of the request. */
const firstFrame = (error: Error): string => /\n\s+at (.{1,200})/.exec(error.stack ?? '')?.[1] ?? 'unknown';
