// The laws of a token bucket, for every rate, burst and timing, and what a gateway makes of them. No test here waits.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBucket } from '../../../local/apigateway/bucket.ts';
import { createUsage } from '../../../local/apigateway/usage.ts';

const rate = fc.integer({ min: 1, max: 5_000 });
const burst = fc.integer({ min: 1, max: 500 });
/** Milliseconds between one request and the next. */
const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 200 });

/** When each request that passed was sent. */
const passed = (throttle: { rate: number; burst: number }, waits: readonly number[]): number[] => {
  let now = 1_700_000_000_000;
  const bucket = createBucket(throttle, () => now);
  return waits.flatMap((wait) => {
    now += wait;
    return bucket.take() ? [now] : [];
  });
};

describe('[API-2] a token bucket', () => {
  it('lets no more through, between any two moments, than a burst and what the rate gives in between', () => {
    fc.assert(
      fc.property(rate, burst, gaps, (perSecond, atOnce, waits) => {
        const times = passed({ rate: perSecond, burst: atOnce }, waits);
        for (const [first, from] of times.entries()) {
          for (const [last, to] of times.entries()) {
            if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(atOnce + (perSecond * (to - from)) / 1000);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('never stops who keeps to the rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        burst,
        fc.integer({ min: 1, max: 300 }),
        (perSecond, atOnce, sent) => {
          const waits = Array.from({ length: sent }, () => Math.ceil(1000 / perSecond));
          expect(passed({ rate: perSecond, burst: atOnce }, waits)).toHaveLength(sent);
        },
      ),
    );
  });

  it('is full again after a burst’s worth of rest, and never more than full', () => {
    fc.assert(
      fc.property(rate, burst, fc.integer({ min: 0, max: 1_000_000 }), (perSecond, atOnce, more) => {
        const drain = Array.from({ length: atOnce }, () => 0);
        const rest = Math.ceil((atOnce * 1000) / perSecond) + more;
        expect(passed({ rate: perSecond, burst: atOnce }, [...drain, rest, ...drain])).toHaveLength(2 * atOnce);
      }),
    );
  });

  it('gives nothing for a clock that goes back', () => {
    let now = 1_000;
    const bucket = createBucket({ rate: 1, burst: 1 }, () => now);
    expect([bucket.take(), bucket.take()]).toEqual([true, false]);
    now = 0;
    expect(bucket.take()).toBe(false);
    now = 1_500;
    expect(bucket.take()).toBe(false);
    now = 2_000;
    expect(bucket.take()).toBe(true);
  });
});

describe('[API-2] usage', () => {
  const key = (id: string, planId: string) => ({ id, name: id, value: id, createdAt: 0, planId });
  const limits: Record<string, ReturnType<Parameters<typeof createUsage>[0]['limitOf']>> = {
    a: { key: key('a', 'plan'), throttle: { rate: 1, burst: 2 } },
    b: { key: key('b', 'plan'), throttle: { rate: 1, burst: 2 } },
  };

  it('is counted key by key: one that is used up slows no other, and comes back', () => {
    let now = 0;
    const usage = createUsage({ limitOf: (value) => limits[value] }, () => now);
    expect(['a', 'a', 'a'].map((value) => usage.refusalOf(value))).toEqual([undefined, undefined, 'THROTTLED']);
    expect(usage.refusalOf('b')).toBeUndefined();
    now = 1_000;
    expect(usage.refusalOf('a')).toBeUndefined();
    expect(usage.refusalOf('a')).toBe('THROTTLED');
  });

  it('is refused to a key that is missing, empty, or in no plan', () => {
    const usage = createUsage({ limitOf: (value) => limits[value] }, () => 0);
    expect([undefined, '', 'c'].map((value) => usage.refusalOf(value))).toEqual(Array(3).fill('INVALID_API_KEY'));
  });
});
