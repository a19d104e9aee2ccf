// Functions of the writer lease: each is a trust boundary, and its row all that it may do.

import type { FunctionRow } from '../kernel/function.ts';
import { writerLimits } from './limits.ts';

export const functions = {
  writer_lease: {
    purpose: 'renews the lease of the writer region, and takes it over once it has ended',
    impact: 'when the lease ends no region takes writes, until either of them renews or takes it',
    trigger: { kind: 'schedule', everyMinutes: writerLimits.everyMinutes },
    memoryMiB: 512,
    timeoutMs: writerLimits.functionTimeoutMs,
    network: 'isolated',
    // A run waits for a lease that is about to end: one of them is enough.
    reservedConcurrency: 1,
    tables: [{ table: 'writer', verbs: ['GetItem', 'PutItem'] }],
    keys: {},
    secrets: [],
    failureAlarm: {
      message: 'lease_failed',
      when: 'the lease could not be looked at, renewed or taken over',
      periodMinutes: 1,
      periods: 2,
    },
    countedMessages: ['writer_changed'],
  },
} as const satisfies Record<string, FunctionRow>;
