// Bounds of webhook endpoints and deliveries, each named with its unit last. A loop, payload, page or retry without a bound is a defect.

/** Webhook endpoints, and how deliveries to them are attempted (docs/decisions/0016). */
export const webhookLimits = {
  /** Of one tenant in one mode. One row names them all, so this bounds what the relay reads for a tenant's events. */
  endpoints: 16,
  eventFilters: 50,
  /** That sign at the same time. */
  secrets: 4,
  secretOverlapMs: 24 * 3_600_000,
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
  /** When challenges follow the first one of a round; then the merchant asks for another round. */
  challengeOffsetsMs: [15_000, 60_000, 5 * 60_000] as const,
  challengeBytes: 30,
  /** Between two rounds that are asked for at one endpoint. */
  verificationPauseMs: 60_000,
  /** Rounds that one tenant can begin at once in one mode, by whatever request, and how soon it may begin one more. */
  verifications: 40,
  verificationRefillMs: 120_000,
  attemptMs: 10_000,
  /** An attempt without an answer by then counts as a timeout: ten seconds is too late to notice a flood. */
  timeoutSignalMs: 1_000,
  /** Whoever attempts a delivery holds it for so long. */
  leaseMs: 20_000,
  responseChars: 256,
  /** Consecutive answers of 4xx after which an endpoint is disabled, and at which shares of them its tenant gets an event. */
  rejectionsToDisable: 100,
  rejectionAlertPercents: [50, 70, 90, 100],
  /** Consecutive attempts without an answer after which an endpoint is left alone for a while. */
  timeoutsToOpenCircuit: 5,
  circuitOpenMinMs: 15_000,
  circuitOpenMaxMs: 15 * 60_000,
  /** Earlier facts of one aggregate among which the one that an endpoint got last is searched. */
  predecessorsExamined: 50,
  /** A delivery that another waits for, and whose message seems to be on its way, is due when this is over. */
  provisionalDelayMs: 60_000,
  deliveryRetentionDays: 90,
  /** A deleted endpoint's row, which deliveries may name as long as they and their messages are there. */
  deletedEndpointRetentionDays: 120,
  /** What is due within this time is put into the queue at once: as long as SQS keeps a message back. */
  enqueuedAheadMs: 15 * 60_000,
  /** No attempt begins when this much of the function's own time limit is left. */
  reserveMs: 15_000,
  /** Deliveries that one page of an endpoint's list examines. */
  examinedPerPage: 1_000,
  readAtOnce: 100,
  replayWindowMs: 30 * 24 * 3_600_000,
  /** Events, or parked deliveries, that one step of a replay, or of a resumption, handles. */
  eventsPerStep: 100,
  /** Between two steps of a replay, so that no replay is a flood. */
  replayPauseMs: 500,
  /** Events that one replay examines; it says where the next one goes on. */
  replayEvents: 10_000,
  /** A replay whose message was lost, or whose chain of messages is at its end, goes on by the dispatcher after so long. */
  replayLeaseMs: 60_000,
  /** How often a delivery can be retried by hand: with the schedule's own attempts, what its row may hold. */
  manualRetries: 20,
} as const;

/** One outbound attempt of a webhook delivery. */
export const attemptLimits = {
  /** Resolving, TCP and TLS together, whatever the attempt's own deadline. */
  connectMs: 5_000,
  /** Of a name with more addresses, these first ones are tried; all are checked. */
  maxAddressesTried: 8,
  /** How long one address is tried before the next; the last one has until `connectMs`. */
  dialEachMs: 1_000,
  /** All headers of an answer; Node's own default, pinned. */
  answerHeaderBytes: 16 * 1024,
  /** 1xx answers before the final one. */
  interimAnswers: 10,
  /** What is recorded of an answer's body, to be shown to the merchant. */
  answerBodyBytes: 4 * 1024,
  /** The status has decided by then: a slow body is worth no more. */
  answerBodyMs: 1_000,
  /** The schedule's own longest pause is shorter (12 h). */
  retryAfterSeconds: 86_400,
  /** Connections are used again only within the term in which they were opened, so a name is looked up this often. */
  connectionLifetimeMs: 60_000,
  /** Also ends what the term would allow, if an endpoint is not called for so long. */
  idleConnectionMs: 10_000,
  idlePerEndpoint: 4,
  /** Endpoints whose connections stay open; the next one begins a new term. */
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
