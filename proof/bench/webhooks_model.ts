// What the webhook bench takes for granted about AWS and about receivers: the model that stands between our code and a
// virtual clock. Of November 2026; known from use where nothing else is said, and no promise of anybody's.

/** Milliseconds, drawn evenly between the two. */
export type Span = readonly [from: number, to: number];

export const model = {
  /** A call to AWS, there and back, without our own CPU; a few take much longer. */
  callMs: {
    read: [2, 6],
    write: [4, 9],
    batchWrite: [6, 15],
    queue: [6, 16],
    bus: [10, 25],
    key: [5, 15],
  },
  slowCall: { share: 0.01, ms: [20, 60] },
  /** Until a committed change can be read from its stream. */
  streamMs: [20, 100],
  /** Lambda asks an idle shard four times a second (Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB"). */
  shardPollMs: 250,
  streamShards: 4,
  /** Until a function runs, in an environment that is there and in one that must be made. */
  invokeMs: [2, 8],
  coldStartMs: [250, 450],
  /** For so long a request waits for messages. */
  longPollMs: 20_000,
  /**
   * Batches that Lambda works on at once: so many at first, and so many more each second while messages are left (300 a
   * minute; Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", looked up). It takes
   * none away while there is traffic: nothing is said of when it would.
   */
  pollers: { first: 5, moreEachSecond: 5 },
  /** CPU of a whole core: of a call through the SDK, and of a request to a receiver. */
  callCpuMs: 0.48,
  attemptCpuMs: 0.5,
  /** A function has a whole core at this much memory (Lambda developer guide, "Configure Lambda function memory"). */
  mebibytesPerCore: 1769,
  /** From a payment's creation to its capture. */
  paymentMs: [150, 600],
  /** Receivers that work: how long they take, and how often they answer 500. */
  receiverMs: [80, 250],
  failingShare: 0.005,
} as const satisfies Record<string, unknown>;

export const load = {
  eventsPerSecond: 1_000,
  /** Of a quiet tenant and a hostile one together, half of them each. */
  eventsPerSecondBesideHostile: 60,
  /** Of all events. */
  noisyShare: 0.5,
  quietTenants: 100,
  hangingTenants: 10,
  /** In which Lambda begins, left out of the percentiles. */
  warmUpMs: 30_000,
  /** After the last event. */
  drainMs: 240_000,
} as const;
