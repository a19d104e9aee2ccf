// Functions of the audit trail: each is a trust boundary, and its row all that it may do.

import { type FunctionRow, makesDataKeys, sealsAndOpens, writesAuditEntries } from '../kernel/function.ts';

export const functions = {
  audit_read: {
    purpose: 'reads the audit trail',
    impact: 'nobody can read the audit trail; everything else goes on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 5_000,
    network: 'isolated',
    tables: [{ table: 'audit', verbs: ['Query'] }, makesDataKeys, writesAuditEntries],
    keys: sealsAndOpens,
    secrets: [],
  },
} as const satisfies Record<string, FunctionRow>;
