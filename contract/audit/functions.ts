// Functions of the audit trail: each is a trust boundary, and its row all that it may do.

import { answersReads, type FunctionRow, makesDataKeys, writesAuditEntries } from '../kernel/function.ts';

export const functions = {
  audit_read: {
    purpose: 'reads the audit trail',
    impact: 'nobody can read the audit trail; everything else goes on',
    ...answersReads,
    tables: [{ table: 'audit', verbs: ['Query'] }, makesDataKeys, writesAuditEntries],
  },
} as const satisfies Record<string, FunctionRow>;
