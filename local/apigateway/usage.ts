// Counts requests under the key that the authorizer named, one bucket per key and plan (developer guide, "Usage plans and
// API keys for REST APIs"). A request whose key is missing, unknown or in no plan is refused.

import { type Bucket, createBucket } from './bucket.ts';
import type { UsageKeys } from './usage_keys.ts';

export type UsageRefusal = 'INVALID_API_KEY' | 'THROTTLED';

export interface Usage {
  /** Undefined: it may pass. */
  refusalOf(usageKey: string | undefined): UsageRefusal | undefined;
}

export const createUsage = (keys: Pick<UsageKeys, 'limitOf'>, clock: () => number = Date.now): Usage => {
  // At most one per key that there is.
  const buckets = new Map<string, Bucket>();
  return {
    refusalOf(usageKey) {
      const limit = usageKey === undefined ? undefined : keys.limitOf(usageKey);
      if (limit === undefined) return 'INVALID_API_KEY';
      const counted = `${limit.key.id} ${limit.key.planId}`;
      const bucket = buckets.get(counted) ?? createBucket(limit.throttle, clock);
      buckets.set(counted, bucket);
      return bucket.take() ? undefined : 'THROTTLED';
    },
  };
};
