// What a capability says of its queues.

export interface Queue {
  readonly holds: string;
  /** For so long a message that somebody works on is nobody else's. */
  readonly visibilityMs: number;
  readonly retentionDays: number;
  /** Failing so often sets a message aside, with an alarm. */
  readonly receives: number;
}
