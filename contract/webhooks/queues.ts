// Queues of webhooks. A message names what is to be done and holds nothing of it: what is sent is read when it is sent.

import type { Queue } from '../kernel/queue.ts';

export const queues = {
  /** Fair: a message belongs to its tenant's group (SQS developer guide, "Amazon SQS fair queues"). */
  deliveries: {
    holds: 'which webhook deliveries are to be attempted',
    dataClass: 'internal',
    visibilityMs: 60_000,
    retentionDays: 14,
    receives: 20,
    hopsMax: 8,
  },
} as const satisfies Record<string, Queue>;
