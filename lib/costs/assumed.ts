// What a model of a request's price assumes where nothing is counted. Each figure is measured or named where it is explained; a
// bill will differ.

export const assumed = {
  /** An AWS call from inside Lambda (docs/decisions/0013). */
  awsCallMs: 5,
  /** The relay's CPU for a fact, and its calls: to the tables, to the bus. */
  relayCpuMs: 1,
  relayCalls: 2,
  /** Modelled without batches: the dearest case, that of little load. */
  factsPerBatch: 1,
  /** The payment processor's answer. */
  processorMs: 150,
} as const;

/** A function has a whole core at this much memory (Lambda developer guide, "Configure Lambda function memory"). */
export const mebibytesPerCore = 1769;

/** Warm CPU on a whole core: the dearest operation that was measured, and the authorizer (docs/decisions/0013). */
export const measuredCpuMs = { operation: 1.4, authorizer: 0.48 } as const;

/** Bytes of log for a request. Lines of functions are measured (docs/decisions/0013); those of AWS are estimates. */
export const logBytes = {
  /** The line of the request and its metrics. */
  request: 518 + 343,
  processorAnswer: 515,
  /** Lambda's START, END and REPORT. */
  invocation: 300,
  gateway: 550,
  webAcl: 1500,
} as const;

/** What a delivery of an event to one endpoint uses (docs/decisions/0016). */
export const deliveryUse = {
  writeUnit: 1.67,
  readUnit: 2,
  lambdaGbSecond: 0.0233,
  queueCall: 0.5,
  kmsCall: 0.043,
  logGb: 0.66e-6,
} as const;
