// Bounds of payments, captures, refunds and voids, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Money-moving: how long we wait, how often we try, and what unknown means (see docs/decisions/0003). */
export const moneyLimits = {
  functionTimeoutMs: 15_000,
  providerDeadlineMs: 10_000,
  /** How long an approved payment waits to hear which method its processor keeps: it may be asked again. */
  reusableMethodMs: 2_000,
  /** Less than this is not enough to ask a provider anything. */
  providerMinMs: 500,
  leaseMs: 20_000,
  /** Nothing is asked of a provider when less than this is left of the lease, so that two never act under one attempt. */
  leaseMarginMs: 5_000,
  /** Provider attempts of one object; each but the first follows a known "not charged". */
  attempts: 2,
  /** Share of the provider's declared key lifetime within which a request may be sent again under the same key. */
  resendShareOfKeyLifetime: 0.5,
  /**
   * Only when nothing could be sent for so long is an order that the provider does not know one that it never executed:
   * before that it may still be on its way, or not yet be in the provider's lists.
   */
  notFoundConclusiveAfterMs: 600_000,
  /** Captures of one payment; refunds and voids likewise. Bounds the rows that one read may touch. */
  modificationsPerKind: 100,
  /** Pages of one kind, of as many rows: two regions apart may each make them, and a page may end early. */
  modificationPages: 8,
  /** Of one capture or refund: a processor carries it out anew for some days (Adyen: 10). */
  executions: 20,
  /** First pause before an unknown outcome is rechecked; doubles up to the maximum. */
  recheckMinMs: 15_000,
  recheckMaxMs: 3_600_000,
  /**
   * Nothing is `processing`, nor waits for a payer or a processor, for longer: then it is `unresolved`. Longer than any processor
   * remembers a key (7 days), repeats a webhook (Adyen: 30 days, docs.adyen.com, "webhooks", read 2026-12) or lets a bank
   * transfer take.
   */
  unresolvedAfterMs: 31 * 24 * 3_600_000,
} as const;

/** Payments whose last write before a fail-over was lost to the other region (docs/decisions/0036). */
export const lostUpdateLimits = {
  batchRecords: 10,
  /** Looks after the loss was seen: what belongs to it replicates row by row, and after a long failure late. */
  looksMs: [60_000, 600_000, 3_600_000],
  retentionDays: 30,
} as const;

/**
 * How many live payments one of each may begin in an hour, which begins on the hour. Who tests cards in bulk does so from few
 * addresses, or with few cards, and faster than people buy.
 */
export const velocityLimits = {
  windowMs: 3_600_000,
  payment_method: 10,
  customer: 20,
  /** People behind one address of a company or a mobile network share it. */
  payer_address: 60,
  tenant: 36_000,
  /** Of a tenant's counter: its payments begin at once, and DynamoDB refuses transactions that meet at one item. */
  tenantShards: 16,
  /** So many full ones are passed over; so a tenant may be refused a little before its limit. */
  tenantShardsTried: 3,
} as const;

/** What a payer's browser takes part in. */
export const payerLimits = {
  /** Adyen's redirectResult is the longest: 20,000 (Checkout API v71, PaymentCompletionDetails; read 2026-12). */
  resultChars: 20_000,
  /** Of a form that is posted: 3-D Secure has three (PaReq, MD, TermUrl). */
  formFields: 20,
  formFieldChars: 20_000,
  /** 192 random bits. */
  clientSecretBytes: 24,
  /**
   * How long a payer has, where nobody says, and the bounds of what may be said. Adyen ends a session after an hour, and takes no
   * more than a day (Checkout API v71, CreateCheckoutSessionRequest.expiresAt; read 2026-12).
   */
  expiresAfterMs: 3_600_000,
  expiresMinMs: 300_000,
  expiresMaxMs: 24 * 3_600_000,
} as const;

/** The reconciler settles what crashed or stayed unknown. */
export const reconcilerLimits = {
  everyMinutes: 1,
  dueItemsPerPage: 100,
  concurrentItems: 8,
  /** The reconciler starts nothing new when only so much of its own time limit is left. */
  reserveMs: 15_000,
} as const;
