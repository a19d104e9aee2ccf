// Bounds of the processors’ adapters, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** A conversation with the test processor. */
export const testProcessorLimits = {
  responseBytes: 64 * 1024,
  /** Idle connections kept for the next order. */
  idleConnections: 8,
  idempotencyKeyLifetimeMs: 24 * 3_600_000,
} as const;
