// Functions of events: each is a trust boundary, and its row all that it may do.

import { answersReads, type FunctionRow, makesDataKeys, writesAuditEntries } from '../kernel/function.ts';

export const functions = {
  events_read: {
    purpose: 'reads events',
    impact: 'nobody can read events; everything else goes on',
    ...answersReads,
    tables: [{ table: 'events', verbs: ['GetItem', 'Query'] }, makesDataKeys, writesAuditEntries],
  },
} as const satisfies Record<string, FunctionRow>;
