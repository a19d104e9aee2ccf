// Bounds of processors' events, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** A processor's webhook, on its way in. */
export const ingressLimits = {
  /** Sealed as base64 text, and beside what was read from it, it must fit one item of DynamoDB (400 KB, known). */
  bodyBytes: 256 * 1024,
  /** The notifications that were read from it, as JSON. */
  notificationsBytes: 40_000,
  eventRetentionDays: 400,
} as const;

/** Processor events are applied to payments. */
export const processorEventLimits = {
  batchRecords: 50,
  concurrentEvents: 8,
  /** When an event about something unknown is retried, from the moment it came; after the last retry it is unmatched. */
  retryOffsetsMs: [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000, 24 * 3_600_000, 72 * 3_600_000],
  dueItemsPerPage: 100,
  /** Of one payment; one more changes nothing. */
  disputesPerPayment: 20,
} as const;

/**
 * What the ingress may take of the API, of which it is a fifth: it asks for no credential, so a flood there must leave
 * callers with keys all of theirs.
 */
export const ingressThrottle = { requestsPerSecond: 1_000, burstRequests: 500 } as const;
