// What a repeat gets depends on the object that the first request created, and on nothing else.

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkIdempotency, IdempotencyRecord } from '../../../lambdas/kernel/domain/idempotency.ts';
import { start } from '../../payments/payment_states.ts';

const reply = new Uint8Array([1]);
const answered = { body_digest: '1.x', reply };
const unanswered = { body_digest: '1.x', reply: null };

describe('[PAY-1] a repeat', () => {
  it('with another body is a mismatch, whatever became of the first', () => {
    for (const found of [answered, unanswered])
      expect(checkIdempotency(found, false, start + 1, start)).toEqual({ kind: 'mismatch' });
  });

  it('gets the first reply once there is one, whoever holds the lease', () => {
    expect(checkIdempotency(answered, true, start + 1, start)).toEqual({ kind: 'replay', reply });
    expect(checkIdempotency(answered, true, null, start)).toEqual({ kind: 'replay', reply });
  });

  it.each([
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [20_000, 20],
  ])('while the lease runs for %i ms, is told to come back after %i s', (leftMs, retryAfterSeconds) => {
    expect(checkIdempotency(unanswered, true, start + leftMs, start)).toEqual({
      kind: 'in_progress',
      retryAfterSeconds,
    });
  });

  it('carries on where nobody works on it any more', () => {
    for (const lease of [null, start, start - 1])
      expect(checkIdempotency(unanswered, true, lease, start)).toEqual({ kind: 'resume' });
  });

  it('is judged by a record whose reply is sealed or not there', () => {
    for (const record of [answered, unanswered]) expect(v.parse(IdempotencyRecord, record)).toEqual(record);
    for (const record of [{}, { body_digest: '1.x' }, { body_digest: '1.x', reply: '{"id":1}' }, { reply: null }])
      expect(v.is(IdempotencyRecord, record)).toBe(false);
  });
});
