// Bounds of the rotation of secrets and keys, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Rotation of platform secrets (docs/decisions/0019). */
export const rotationLimits = {
  /** Lambda's own bound (Lambda quotas, known). */
  functionTimeoutMs: 900_000,
  /** No page is read any more when this much of the function's time is left. */
  reserveMs: 30_000,
  /** Whether versions can be retired is looked at until this much is left: the test after it needs the time more. */
  retireReserveMs: 600_000,
  /** Between pages of 1 MB, 128 read units each: a partition takes 3,000 units a second, and requests read there too. */
  pagePauseMs: 250,
  /** Retired by one rotation. */
  retired: 4,
  /** Of one secret. Secrets Manager takes 64 KB (quotas, known): this many are a tenth of it, and 25 years. */
  versions: 100,
  keyBytes: 32,
  /**
   * A version is not retired before it has not been the current one for so long: by then no process holds an older copy
   * of the secret (`cacheLimits.secretMs`), and nothing that was begun with one is under way.
   */
  quietMs: 24 * 3_600_000,
  /** How late a rotation may be before an alarm goes off. */
  graceDays: 7,
} as const;

/** Re-wrapping of data keys after a rotation of what wraps them (docs/decisions/0020). */
export const rewrapLimits = {
  /** An invocation that finds nothing to do asks KMS one question for each key. */
  everyMinutes: 60,
  /** Lambda's own bound (Lambda quotas, known). */
  functionTimeoutMs: 900_000,
  /** No page is begun when this much of the function's time is left. */
  reserveMs: 30_000,
  pageRows: 50,
  concurrentRows: 10,
  /** Looked at, and at most written: a partition takes 1,000 writes a second, and requests write there too. */
  rowsPerSecond: 250,
  /**
   * After a rotation for so long a data key may still be stored that was wrapped before it: longer than any function runs
   * that makes one, and than KMS takes until all of it knows. The pass that certifies begins after that.
   */
  settleMs: 300_000,
  /** KMS lists up to 1,000 a page (API reference of ListKeyRotations, read 2026-11). */
  rotationsPerPage: 100,
  rotationPages: 10,
  /** Runs and certificates of one key: two a rotation. */
  recordPages: 10,
} as const;
