// Bounds of the canary, each named with its unit last.

export const canaryLimits = {
  everyMinutes: 1,
  /** An answer that takes longer is none: API Gateway itself answers within 29 s, and people don't wait for so long. */
  answerMs: 5_000,
  /** Looks within a run until one succeeds: a single lost packet moves no zone. */
  looks: 3,
  betweenLooksMs: 2_000,
  functionTimeoutMs: 30_000,
  /** Of the answer: what is longer is no page of ours. */
  bodyBytes: 1_024,
} as const;
