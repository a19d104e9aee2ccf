// Every bound of the local cloud, named with its unit last. Where AWS has the bound too, the number is AWS's.

export const localLimits = {
  /** How often a local cloud that npm launched checks whether npm still runs. */
  launcherLookMs: 250,
  // Boot
  synthMs: 120_000,
  engineReadyMs: 20_000,
  processorReadyMs: 10_000,
  demoCallMs: 20_000,

  // Calls between our own processes
  engineCallMs: 10_000,
  awsRequestBytes: 16 * 1024 * 1024,
  stopMs: 4_000,
  /** Output of a failed child that is shown. */
  shownOutputChars: 4_000,
  /** A log bigger than this is renamed to `.old` at the next start. */
  logBytes: 64 * 1024 * 1024,

  /** Different refusals that are shown on the console; all of them are in the functions' logs. */
  refusalsShown: 100,

  // EventBridge (PutEvents quotas)
  eventsPerCall: 10,
  eventBytes: 256 * 1024,

  // SQS (developer guide, "Amazon SQS message quotas" and "standard queue quotas", read November 2026)
  messagesPerCall: 10,
  /** Of one message and of all messages of a call; 256 KiB until August 2025. */
  messageBytes: 1024 * 1024,
  messageDelayMs: 15 * 60_000,
  messageVisibilityMs: 12 * 60 * 60_000,
  messageWaitMs: 20_000,
  messagesInFlight: 120_000,

  // Secrets Manager
  /** How often a rotation is attempted by itself, and the pause between attempts. */
  rotationTries: 3,
  rotationPauseMs: 1_000,
  /** How often due rotations are looked for. */
  rotationLookMs: 3_600_000,

  // Lambda
  processesPerFunction: 10,
  /** Invocations that wait for a process of their function; more are throttled. */
  queuedInvocations: 1_000,
  idleProcessMs: 5 * 60_000,
  initMs: 10_000,
  payloadBytes: 6 * 1024 * 1024,

  // API Gateway
  gatewayBodyBytes: 10 * 1024 * 1024,
  gatewayHeaderBytes: 10_240,
  gatewayRequestMs: 30_000,
  integrationMs: 29_000,

  // Between the regions of a zone: AWS says "usually within a second"
  replicationLagMs: 100,
  /** How often the alarm on which a fail-over depends is evaluated; AWS evaluates alarms once a minute. */
  failoverLookMs: 250,

  // Streams
  idlePollMs: 200,
  streamBatchRecords: 1_000,
  streamBackoffMinMs: 100,
  streamBackoffMaxMs: 10_000,
  streamShards: 100,
} as const;
