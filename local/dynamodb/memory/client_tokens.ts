// Client request tokens (DynamoDB API reference, "TransactWriteItems", ClientRequestToken): for ten minutes the same token
// with the same request succeeds again without doing anything again, and with another request it is refused.

import { isDeepStrictEqual } from 'node:util';
import { DynamoDbError, invalid } from './error.ts';
import { type Input, optionalText } from './input.ts';

const validMs = 10 * 60_000;
const mostTokenChars = 36;

interface Done {
  readonly at: number;
  /** What was asked, without what merely shapes the answer. */
  readonly asked: unknown;
}

export class ClientTokens {
  readonly #done = new Map<string, Done>();

  static of(input: Input): string | undefined {
    const token = optionalText(input.ClientRequestToken, 'clientRequestToken');
    if (token !== undefined && (token === '' || token.length > mostTokenChars)) {
      throw invalid(
        `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 1 and 36`,
      );
    }
    return token;
  }

  /** Whether this very request was done before. Throws if another was. */
  isDone(token: string, input: Input, now: number): boolean {
    this.#forget(now);
    const done = this.#done.get(token);
    if (done === undefined) return false;
    if (isDeepStrictEqual(done.asked, input.TransactItems)) return true;
    throw new DynamoDbError(
      'IdempotentParameterMismatchException',
      'Request parameters do not match those of an earlier request with the same client token',
    );
  }

  note(token: string, asked: unknown, now: number): void {
    this.#done.set(token, { at: now, asked });
  }

  /** Tokens are noted in the order of time. */
  #forget(now: number): void {
    for (const [token, { at }] of this.#done) {
      if (at + validMs > now) return;
      this.#done.delete(token);
    }
  }

  entries(): Iterable<[string, Done]> {
    return this.#done;
  }
}
