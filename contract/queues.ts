// The queues of a zone. A message names what is to be done and holds nothing of it: what is sent is read when it is sent.

export interface Queue {
  readonly holds: string;
  /** For so long a message that somebody works on is nobody else's. */
  readonly visibilityMs: number;
  readonly retentionDays: number;
  /** Failing so often sets a message aside, with an alarm. */
  readonly receives: number;
}

export const queues = {
  /** Fair: a message belongs to its tenant's group (SQS developer guide, "Amazon SQS fair queues"). */
  deliveries: {
    holds: 'which webhook deliveries are to be attempted',
    visibilityMs: 60_000,
    retentionDays: 14,
    receives: 20,
  },
} as const satisfies Record<string, Queue>;

export type QueueName = keyof typeof queues;
