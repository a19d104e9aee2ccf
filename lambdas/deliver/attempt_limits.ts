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
