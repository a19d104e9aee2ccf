// Bounds of the relay and the bus, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** The relay reads the tables' streams. */
export const relayLimits = {
  batchRecords: 100,
  batchWindowSeconds: 0,
  /** With bisection, a batch that fails for a while is not given up, and a record that always fails goes to the bucket. */
  retryAttempts: 100,
  recordAgeSeconds: 86_400,
  parallelBatchesPerShard: 1,
  /** When the queue tries again to fan out what the relay could not. */
  deferredFanOutMs: 5_000,
  /**
   * When a region asks itself whether it has taken over the webhooks of a fact that the other one wrote: the longest that SQS keeps
   * a message back. By then the other's lease would have ended, and its deliveries would be begun.
   */
  takeOverMs: 900_000,
} as const;

/**
 * A failed stream record is processed again within days. It holds whole rows, which erasures do not reach: so it is stored no
 * longer than the tables' own copies.
 */
export const failedRecordLimits = { currentDays: 35, replacedDays: 1 } as const;

/** The zone's event bus (PutEvents takes 10 entries a call: EventBridge quotas, read 2026-11). */
export const busLimits = {
  entriesPerCall: 10,
} as const;
