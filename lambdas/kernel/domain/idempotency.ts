// Repeats: the object that a request created is its own idempotency record. What a repeat gets depends on that alone.

import * as v from 'valibot';
import { type Sealed, SealedText } from './sealed_text.ts';

/** Stored with every object that a keyed request created. */
export const IdempotencyRecord = v.object({
  /** Keyed digest of the request's body. */
  body_digest: v.string(),
  /** The first reply, sealed; null until it is settled. */
  reply: v.nullable(SealedText),
});

export type IdempotencyCheck =
  /** The key came with another body. */
  | { readonly kind: 'mismatch' }
  /** The first reply, byte for byte. */
  | { readonly kind: 'replay'; readonly reply: Sealed<string> }
  /** The first request still holds its lease. */
  | { readonly kind: 'in_progress'; readonly retryAfterSeconds: number }
  /** The first request died before its reply: the one that takes the lease continues. */
  | { readonly kind: 'resume' };

/** `leaseUntilMs` is null where nothing runs. */
export function checkIdempotency(
  found: v.InferOutput<typeof IdempotencyRecord>,
  sameBody: boolean,
  leaseUntilMs: number | null,
  nowMs: number,
): IdempotencyCheck {
  if (!sameBody) return { kind: 'mismatch' };
  if (found.reply !== null) return { kind: 'replay', reply: found.reply };
  // Stryker disable next-line ConditionalExpression: JavaScript has null > nowMs false as well; the types want it written.
  if (leaseUntilMs !== null && leaseUntilMs > nowMs) {
    return { kind: 'in_progress', retryAfterSeconds: Math.max(1, Math.ceil((leaseUntilMs - nowMs) / 1000)) };
  }
  return { kind: 'resume' };
}
