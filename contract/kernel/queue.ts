// What a capability says of its queues.

export interface Queue {
  readonly holds: string;
  /** For so long a message that somebody works on is nobody else's. */
  readonly visibilityMs: number;
  readonly retentionDays: number;
  /** A message that failed so often is dead-lettered, with an alarm. */
  readonly receives: number;
}
