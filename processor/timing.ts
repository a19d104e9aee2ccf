// Every duration of the test processor, in one place. Nothing here may be a timer that a crash loses: what happens
// "later" is computed from the ledger's times at each request.

export const timing = {
  /** How long a withheld answer keeps its connection open: well beyond the caller's deadline of 10 s. */
  hangMs: 60_000,
  /** `pm_test_slow`: the pause before anything is written. */
  slowMs: 3_000,
  /** `pm_test_late_webhook`: pending turns into approved. */
  lateMs: 5_000,
  /** `pm_test_dispute_fraud`: from the first capture to the dispute. */
  disputeMs: 5_000,
  /** How long an idempotency key is remembered. */
  keyLifetimeMs: 24 * 3_600_000,
  /** Idle connections outlive a caller's pauses between requests. */
  keepAliveMs: 65_000,
  /** How long one attempt to deliver a webhook may take. */
  webhookAttemptMs: 5_000,
  /** The pause before the second attempt; doubles up to the maximum. */
  webhookRetryMs: 1_000,
  webhookRetryMaxMs: 60_000,
  /** How far back a new endpoint receives what happened before it was added. */
  webhookPastMs: 3_600_000,
} as const;

export const bounds = {
  requestBytes: 64 * 1024,
  keyChars: 255,
  pageDefaultItems: 25,
  pageItems: 100,
  webhookEndpoints: 16,
  webhookAttempts: 10,
  webhooksAtOnce: 8,
  /** Deliveries in memory; beyond them the oldest are given up. */
  webhookDeliveries: 10_000,
} as const;
