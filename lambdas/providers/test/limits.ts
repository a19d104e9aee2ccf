// The bounds of a conversation with the test processor. Unbounded waiting or reading would let a broken processor hold
// a function until it is killed, and a killed function says less than "unknown".

export const testProcessorLimits = {
  responseBytes: 64 * 1024,
  /** Idle connections kept for the next order. */
  idleConnections: 8,
  idempotencyKeyLifetimeMs: 24 * 3_600_000,
} as const;
