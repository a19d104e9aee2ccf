// Every bound of the system, named with its unit last. A loop, payload, page or retry without a row here is a defect.

/** What a caller may send (docs: the API's limits page; RFC 9110 for header and body handling). */
export const requestLimits = {
  bodyBytes: 256 * 1024,
  idempotencyKeyChars: 255,
  /** ISO 4217 minor units. Twelve digits keep every sum of a payment's parts far below 2^53. */
  amountMinor: 999_999_999_999,
  metadataEntries: 50,
  metadataKeyChars: 40,
  metadataValueChars: 500,
  descriptionChars: 500,
  returnUrlChars: 2_048,
  reasonChars: 200,
  nameChars: 100,
  allowedAddresses: 50,
  pageDefaultItems: 25,
  pageItems: 100,
  /** A page of large items ends early. Lambda's own bound is 6 MB (Lambda quotas, read 2026-11). */
  pageBytes: 4_000_000,
  cursorChars: 512,
  jsonDepth: 16,
  errorsShown: 20,
} as const;

/** Money-moving: how long we wait, how often we try, and what unknown means (see docs/decisions/0003). */
export const moneyLimits = {
  functionTimeoutMs: 15_000,
  providerDeadlineMs: 10_000,
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
   * Only when nothing could be sent for so long is an order that the provider does not know one that it never carried
   * out: before that it may still be on its way, or not yet be in the provider's lists.
   */
  notFoundConclusiveAfterMs: 600_000,
  /** Captures of one payment; refunds and voids likewise. Bounds the rows that one read may touch. */
  modificationsPerKind: 100,
  /** Optimistic retries of one commit against racing commits of the same payment. */
  commitTries: 25,
  commitBackoffMs: 25,
  /** First pause before an unknown outcome is looked at again; doubles up to the maximum. */
  recheckMinMs: 15_000,
  recheckMaxMs: 3_600_000,
} as const;

/** A conversation with the test processor. */
export const testProcessorLimits = {
  responseBytes: 64 * 1024,
  /** Idle connections kept for the next order. */
  idleConnections: 8,
  idempotencyKeyLifetimeMs: 24 * 3_600_000,
} as const;

/** The sweeper settles what crashed or stayed unknown. */
export const reconcilerLimits = {
  everyMinutes: 1,
  dueItemsPerPage: 100,
  concurrentItems: 8,
  /** The sweeper starts nothing new when this much of its own time limit is left. */
  reserveMs: 15_000,
} as const;

/** Customers: data subjects and their saved payment methods (docs/decisions/0021). */
export const customerLimits = {
  nameChars: 200,
  /** RFC 5321, 4.5.3.1: a path of 256 octets, less its brackets. */
  emailChars: 254,
  addressFieldChars: 200,
  postalCodeChars: 20,
  brandChars: 32,
  /** Saved at the same time; removed ones do not count. */
  paymentMethods: 20,
  /** Optimistic retries of one change against racing changes of the same customer. */
  commitTries: 5,
  /** Subjects whose rows and keys one call reads: two rows each (`awsLimits.batchGetItems`). */
  subjectsPerCall: 50,
} as const;

/** Connections to payment processors. */
export const connectionLimits = {
  /** Of one tenant in one mode. Two that are made at the same moment may pass it by one. */
  connections: 16,
  credentialChars: 1_000,
  commitTries: 5,
  /**
   * How long the credentials of a deleted one are kept for the payments that it took: longer than a card's authorization
   * lasts (28 days at Adyen: adyen.help, "separate authorisation and capture"; read 2026-11).
   */
  deletedKeptDays: 30,
} as const;

/** What processors tell, on its way in. */
export const ingressLimits = {
  /** Sealed as base64 text, and beside what was read from it, it must fit one item of DynamoDB (400 KB, known). */
  bodyBytes: 256 * 1024,
  /** What was read from it, as JSON. */
  notificationsBytes: 40_000,
  eventsKeptDays: 400,
} as const;

/** The settler applies what processors told. */
export const processorEventLimits = {
  batchRecords: 50,
  concurrentEvents: 8,
  /** When an event about something unknown is looked at again, from the moment it came; after the last it is unmatched. */
  retryOffsetsMs: [60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000, 24 * 3_600_000, 72 * 3_600_000],
  dueItemsPerPage: 100,
  /** Of one payment; one more changes nothing. */
  disputesPerPayment: 20,
} as const;

/** The relay reads the tables' streams. */
export const relayLimits = {
  batchRecords: 100,
  batchWindowSeconds: 0,
  /** With bisection, a batch that fails for a while is not given up, and a record that always fails goes to the bucket. */
  retryAttempts: 100,
  recordAgeSeconds: 86_400,
  parallelBatchesPerShard: 1,
} as const;

/** Webhook endpoints, and how deliveries to them are attempted (docs/decisions/0016). */
export const webhookLimits = {
  /** Of one tenant in one mode. Two that are made at the same moment may pass it by one. */
  endpoints: 16,
  eventFilters: 50,
  /** That sign at the same time. */
  secrets: 4,
  secretOverlapMs: 24 * 3_600_000,
  commitTries: 5,
  /** When attempts follow the first one; the ninth is the last. */
  retryOffsetsMs: [
    15_000,
    60_000,
    5 * 60_000,
    30 * 60_000,
    2 * 3_600_000,
    6 * 3_600_000,
    12 * 3_600_000,
    24 * 3_600_000,
  ],
  /** Each offset is stretched by up to this share, so that what failed together does not return together. */
  retryJitterShare: 0.1,
  /** The longest `Retry-After` that is waited for. */
  retryAfterMaxMs: 24 * 3_600_000,
  attemptMs: 10_000,
  /** An attempt without an answer counts against its endpoint from here on: ten seconds is too late to learn of a flood. */
  suspectMs: 1_000,
  /** Whoever attempts has the delivery for so long. */
  leaseMs: 20_000,
  responseChars: 256,
  /** Consecutive answers of 4xx after which an endpoint is disabled, and at which shares of them its tenant is told. */
  rejectionsToDisable: 100,
  rejectionAlertPercents: [50, 70, 90, 100],
  /** Consecutive attempts without an answer after which an endpoint is left alone for a while. */
  timeoutsToOpenCircuit: 5,
  circuitOpenMinMs: 15_000,
  circuitOpenMaxMs: 15 * 60_000,
  /** Facts of one aggregate that are looked back over for the one that an endpoint got last. */
  predecessorsLookedAt: 50,
  /** A delivery that another waits for, and that is thought to be on its way, is looked after when this is over. */
  placeholderMs: 60_000,
  deliveriesKeptDays: 90,
  /** What is due within this time is put into the queue at once: as long as SQS keeps a message back. */
  enqueuedAheadMs: 15 * 60_000,
  /** No attempt begins when this much of the function's own time limit is left. */
  reserveMs: 15_000,
  /** Deliveries that one page of an endpoint's list examines. */
  examinedPerPage: 1_000,
  readAtOnce: 100,
  replayWindowMs: 30 * 24 * 3_600_000,
  /** Events or parked deliveries that one step of a replay, or of taking up again, looks at. */
  eventsPerStep: 100,
} as const;

/** One outbound attempt of a webhook delivery. */
export const attemptLimits = {
  /** Resolving, TCP and TLS together, whatever the attempt's own deadline. */
  connectMs: 5_000,
  /** Of a name with more addresses, these first ones are tried; all are checked. */
  dialledAddresses: 8,
  /** How long one address is tried before the next; the last one has until `connectMs`. */
  dialEachMs: 1_000,
  /** All headers of an answer; Node's own default, pinned. */
  answerHeaderBytes: 16 * 1024,
  /** 1xx answers before the final one. */
  interimAnswers: 10,
  /** What is kept of an answer's body, to be shown to the merchant. */
  answerBodyBytes: 4 * 1024,
  /** The status has decided by then: a slow body is worth no more. */
  answerBodyMs: 1_000,
  /** The schedule's own longest pause is shorter (12 h). */
  retryAfterSeconds: 86_400,
  /** Connections are used again only within the term in which they were opened, so a name is looked up this often. */
  connectionTermMs: 60_000,
  /** Also ends what the term would allow, if an endpoint is not called for so long. */
  idleConnectionMs: 10_000,
  idlePerEndpoint: 4,
  /** Endpoints whose connections are kept; the next one begins a new term. */
  connectedEndpoints: 100,
} as const;

/** The dispatcher puts what falls due into the queue. */
export const dispatcherLimits = {
  everyMinutes: 1,
  /** It takes what is due in the time until the next run, and a little more. */
  aheadMs: 75_000,
  dueItemsPerPage: 100,
  reserveMs: 5_000,
} as const;

/** SQS (quotas, Amazon SQS developer guide, read 2026-11). */
export const queueLimits = {
  messagesPerCall: 10,
  delayMaxSeconds: 900,
} as const;

/** The audit trail. */
export const auditLimits = {
  /** Entries that one page of a filtered search examines; beyond them the page ends early, with a cursor. */
  examinedPerPage: 1_000,
  readAtOnce: 100,
  filterChars: 100,
} as const;

/** The zone's event bus (PutEvents takes 10 entries a call: EventBridge quotas, read 2026-11). */
export const busLimits = {
  entriesPerCall: 10,
} as const;

/** What a function keeps in memory, and for how long. */
export const cacheLimits = {
  secretMs: 300_000,
  /** A version that was looked for and not found is looked for again after this time. */
  secretRecheckMs: 5_000,
  /** Different versions that are looked for within that time: whoever makes versions up costs so many calls. */
  secretRechecks: 4,
  dataKeys: 1_000,
  dataKeyMs: 300_000,
  dataKeyUses: 100_000,
  /** What was made longer ago is not stored any more: a process may have been frozen, and its key's wrapping be old by now. */
  dataKeyKeepMs: 60_000,
  /** Endpoints with how they do: a change of one holds for every delivery after this time. */
  receivers: 1_000,
  receiverMs: 1_000,
  /** Connections: one that was deleted is gone after this time. */
  connections: 1_000,
  connectionMs: 1_000,
  /** Processors behind connections, with their opened credentials. */
  processors: 1_000,
  processorMs: 300_000,
} as const;

/** Credentials. */
export const keyLimits = {
  rotationOverlapMs: 24 * 3_600_000,
  /** `last_used_at` is exact to this much: at most one write per key and hour. */
  lastUsedResolutionMs: 3_600_000,
  /** How long a request waits for that write, which is worth no more. */
  touchMs: 300,
  /** Optimistic retries of one change of a key or tenant against racing ones. */
  commitTries: 5,
} as const;

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
  /** How late a rotation may be before somebody is told. */
  graceDays: 7,
} as const;

/** Re-wrapping of data keys after a rotation of what wraps them (docs/decisions/0020). */
export const rewrapLimits = {
  /** A run that finds nothing to do asks KMS one question for each key. */
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
  /** Walks and certificates of one key: two a rotation. */
  recordPages: 10,
} as const;

/** Calls to AWS: a deadline and a bound for each (an answer that never came is "unknown", see store/commit.ts). */
export const awsLimits = {
  connectMs: 1_000,
  requestMs: 3_000,
  attempts: 3,
  /** Of a batch of which DynamoDB put a part off. */
  unprocessedTries: 5,
  unprocessedBackoffMs: 50,
  unprocessedBackoffMaxMs: 3_200,
  batchWriteItems: 25,
  batchGetItems: 100,
} as const;
