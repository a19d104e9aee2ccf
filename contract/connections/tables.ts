// Tables of connections to payment processors.

import type { Table } from '../kernel/table.ts';

export const tables = {
  providers: {
    sealedFieldsOf: ['connection'],
    holds: 'connections to payment processors with their credentials',
    rows: { connection: { partitions: ['conn_*'], facts: ['connection'] } },
    indexes: ['list'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
