// Tables of connections to payment processors.

import type { Table } from '../kernel/table.ts';

export const tables = {
  providers: {
    sealedFieldsOf: ['connection'],
    holds: 'connections to payment processors with their credentials',
    indexes: ['list'],
    stream: true,
    relayed: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
