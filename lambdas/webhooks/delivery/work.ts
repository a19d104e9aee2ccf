// What whoever works on a message knows of the work: for which request, how far its chain has come, and until when.

export interface Work {
  readonly requestId: string;
  /** Whether somebody may have worked on this message before. */
  readonly redelivered: boolean;
  /** Nothing is begun after this (ms since the epoch). */
  readonly stopMs: number;
  /** How many messages came before it in the longest chain of its invocation. */
  readonly hop: number;
}
