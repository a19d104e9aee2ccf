// Functions of events: each is a trust boundary, and its row all that it may do.

import { type FunctionRow, makesDataKeys, sealsAndOpens, writesAuditEntries } from '../kernel/function.ts';

export const functions = {
  events_read: {
    purpose: 'reads events',
    impact: 'nobody can read events; everything else goes on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    tables: [{ table: 'events', verbs: ['GetItem', 'Query'] }, makesDataKeys, writesAuditEntries],
    keys: sealsAndOpens,
    secrets: [],
  },
} as const satisfies Record<string, FunctionRow>;
