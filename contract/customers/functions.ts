// Functions of customers: each is a trust boundary, and its row all that it may do.

import {
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';

export const functions = {
  customers: {
    purpose: 'keeps customers and their saved payment methods, and alone may read what is known of a person',
    impact: 'customers cannot be created, read, changed or deleted; payments go on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'subjects', verbs: ['BatchGetItem', 'PutItem'] },
      { table: 'subjects', index: 'list', verbs: ['Query'] },
      { table: 'subjects', index: 'lookup', verbs: ['Query'] },
      { table: 'subject_keys', verbs: ['BatchGetItem', 'PutItem'] },
      // Of a payment what its processor keeps for its customer, and nothing of the money.
      {
        table: 'payments',
        rows: ['payment'],
        verbs: ['BatchGetItem'],
        attributes: [
          ...['pk', 'sk', 'tenant', 'mode', 'customer', 'connection'],
          ...['setup_future_usage', 'reusable_method'],
        ],
      },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: { ...sealsAndOpens, pii: ['GenerateDataKey', 'Decrypt'] },
    secrets: ['digests'],
  },
} as const satisfies Record<string, FunctionRow>;
