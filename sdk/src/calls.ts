// One call of an operation: attempts under one Idempotency-Key until the service has answered, or until another attempt
// would not help, could do twice what must be done once, or is one too many.

import { attempt } from './attempt.ts';
import { ConnectionError, StrongroomError } from './errors.ts';
import { type Listing, listing } from './listing.ts';
import { pauseMs } from './retry.ts';
import { boundedAttempts, type Settings } from './settings.ts';

/** What an operation asks, as the generated part says it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  /** It creates something, and so needs an Idempotency-Key. */
  readonly keyed?: boolean;
  /** The `object` of its reply. */
  readonly replies?: string;
}

export interface CallOptions {
  /** Ends the call: its reason is thrown. Whether the request was carried out is then not known. */
  readonly signal?: AbortSignal;
  /** For each attempt. */
  readonly timeoutMs?: number;
  /** At most, the first included: 1 to 10. */
  readonly attempts?: number;
}

export interface KeyedOptions extends CallOptions {
  /** Of the intention: the same for every repeat of it. Made when absent. */
  readonly idempotencyKey?: string;
}

export interface Calls {
  /** The reply, of which only the kind is checked: its fields are the service's word. */
  ask<Reply>(asked: Asked, options?: KeyedOptions): Promise<Reply>;
  list<Item>(asked: Asked, options?: CallOptions): Listing<Item>;
}

/** RFC 9110, section 9.2.2: methods that may be repeated whatever became of the first. */
const idempotentMethods: readonly string[] = ['GET', 'PUT', 'DELETE'];
const keyForm = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

export function calls(settings: Settings): Calls {
  const ask = async (asked: Asked, options: KeyedOptions = {}): Promise<unknown> => {
    const idempotencyKey = asked.keyed ? (options.idempotencyKey ?? settings.uuid()) : null;
    if (idempotencyKey !== null && !keyForm.test(idempotencyKey)) {
      throw new TypeError('Expected an Idempotency-Key of 1 to 255 printable ASCII characters');
    }
    const repeatable = idempotencyKey !== null || idempotentMethods.includes(asked.method);
    const { signal, timeoutMs = settings.timeoutMs } = options;
    const attempts = boundedAttempts(options.attempts ?? settings.attempts);
    for (let made = 1; ; made += 1) {
      try {
        return await attempt(settings, asked, idempotencyKey, timeoutMs, signal);
      } catch (failure) {
        const known = failure instanceof StrongroomError || failure instanceof ConnectionError;
        const waitMs = known && made < attempts ? pauseMs(failure, made, repeatable, settings.random) : null;
        if (waitMs === null) throw failure;
        await settings.sleep(waitMs, signal);
      }
    }
  };
  return {
    ask: <Reply>(asked: Asked, options?: KeyedOptions) => ask(asked, options) as Promise<Reply>,
    list: <Item>(asked: Asked, options?: CallOptions) => listing<Item>(ask, asked, options),
  };
}
