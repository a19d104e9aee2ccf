// The messages between the pool and a function's process. Events and payloads travel as JSON text, as they do in AWS: what JSON
// can't represent never arrives.

export type ToWorker = {
  readonly requestId: string;
  readonly event: string;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly deadline: number;
  /** How far the function's own clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** X-Ray's tracing header of the invocation. */
  readonly trace: string;
};

/** The function's clock was moved, maybe while it works. */
export type ClockMessage = Pick<ToWorker, 'clockAheadMs'>;

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'threw'; readonly errorType: string; readonly errorMessage: string; readonly trace: string };
