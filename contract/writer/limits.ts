// Bounds of the writer lease, each named with its unit last (docs/decisions/0036).

export const writerLimits = {
  /** The schedule's finest period. EventBridge Scheduler keeps it to a minute, so two starts may lie two minutes apart. */
  everyMinutes: 1,
  /**
   * Two starts that lie two minutes apart leave a minute of it, of which writers use what `stopMs` does not take. A region that
   * dies leaves the zone without a writer for no longer than this and the standby's next look.
   */
  leaseMs: 180_000,
  /**
   * The clocks of two regions never differ by more. Amazon Time Sync keeps instances within a millisecond of UTC; this is what a
   * clock may be off by without anything going wrong.
   */
  skewMs: 5_000,
  /**
   * What a write may take from the look at the lease until it lands, whichever of its attempts does: three of four seconds each
   * (`awsLimits`), the pauses between them, and a little more.
   */
  writeMs: 15_000,
  /** A region that does not hold the lease looks again after so long, however many requests ask. */
  recheckMs: 1_000,
  /** `Retry-After` of a standby: Route 53 answers with the other region's address by then, where that one is the writer. */
  standbyRetrySeconds: 10,
  /** How long one run of the lease function may take; within it a failure is tried again. */
  functionTimeoutMs: 55_000,
  /** Between two looks, at most, of a run that waits for a lease to end, or that could not reach the table. */
  lookMs: 5_000,
  /** No look begins when this much of the function's time is left. */
  reserveMs: 15_000,
  /**
   * For so long an operator's command waits for the other region to take a lease that was handed over: what is left of it, two
   * starts of the lease function that lie two minutes apart, and a little more.
   */
  handOverMs: 330_000,
  /** Between two looks of that command. */
  handOverLookMs: 1_000,
  /** How often it writes over a lease that was renewed meanwhile. */
  handOverTries: 5,
} as const;
