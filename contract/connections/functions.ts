// Functions of connections: each is a trust boundary, and its row all that it may do.

import {
  answersReads,
  asksForWriter,
  type FunctionRow,
  makesDataKeys,
  sealsAndOpens,
  writesAuditEntries,
} from '../kernel/function.ts';

export const functions = {
  connections_read: {
    purpose: 'reads connections',
    impact: 'nobody can read connections; everything else goes on',
    ...answersReads,
    tables: [
      { table: 'providers', verbs: ['GetItem', 'BatchGetItem'] },
      { table: 'providers', index: 'list', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
  },
  connections: {
    purpose: 'connects payment processors: seals their credentials, and can open none',
    impact: 'processors cannot be connected or disconnected; those that are connected go on',
    trigger: { kind: 'api' },
    memoryMiB: 1024,
    timeoutMs: 10_000,
    network: 'isolated',
    tables: [
      asksForWriter,
      { table: 'providers', verbs: ['GetItem', 'BatchGetItem'] },
      { table: 'providers', rows: ['connection', 'defaults'], verbs: ['PutItem'] },
      { table: 'providers', index: 'list', verbs: ['Query'] },
      makesDataKeys,
      writesAuditEntries,
    ],
    keys: { ...sealsAndOpens, secrets: ['GenerateDataKey'] },
    secrets: ['digests'],
  },
} as const satisfies Record<string, FunctionRow>;
