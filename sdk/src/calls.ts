// One call of an operation: attempts under one Idempotency-Key until the service has answered, or until another attempt
// would not help, could do twice what must be done once, or is one too many.

import { attempt } from './attempt.ts';
import { ConnectionError, StrongroomError } from './errors.ts';
import { listing } from './listing.ts';
import type { ApiRequest, CallOptions, Calls, KeyedOptions } from './request.ts';
import { pauseMs } from './retry.ts';
import { boundedAttempts, type Settings } from './settings.ts';

/** RFC 9110, section 9.2.2: methods that may be repeated whatever became of the first. */
const idempotentMethods: readonly string[] = ['GET', 'PUT', 'DELETE'];
const keyForm = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

export function calls(settings: Settings): Calls {
  const ask = async (request: ApiRequest, options: KeyedOptions = {}): Promise<unknown> => {
    const idempotencyKey = request.keyed ? (options.idempotencyKey ?? settings.uuid()) : null;
    if (idempotencyKey !== null && !keyForm.test(idempotencyKey)) {
      throw new TypeError('Expected an Idempotency-Key of 1 to 255 printable ASCII characters');
    }
    const repeatable = idempotencyKey !== null || idempotentMethods.includes(request.method);
    const { signal, timeoutMs = settings.timeoutMs } = options;
    const attempts = boundedAttempts(options.attempts ?? settings.attempts);
    for (let made = 1; ; made += 1) {
      try {
        return await attempt(settings, request, idempotencyKey, timeoutMs, signal);
      } catch (failure) {
        const known = failure instanceof StrongroomError || failure instanceof ConnectionError;
        const waitMs = known && made < attempts ? pauseMs(failure, made, repeatable, settings.random) : null;
        if (waitMs === null) throw failure;
        await settings.sleep(waitMs, signal);
      }
    }
  };
  return {
    ask: <Reply>(request: ApiRequest, options?: KeyedOptions) => ask(request, options) as Promise<Reply>,
    list: <Item>(request: ApiRequest, options?: CallOptions) => listing<Item>(ask, request, options),
  };
}
