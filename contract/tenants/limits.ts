// Bounds of tenants, API keys and operators, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Credentials. */
export const keyLimits = {
  rotationOverlapMs: 24 * 3_600_000,
  /** `last_used_at` is exact to this much: at most one write per key and hour. */
  lastUsedResolutionMs: 3_600_000,
  /** How long a request waits for that write, which is worth no more. */
  touchMs: 300,
} as const;
