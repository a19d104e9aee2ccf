// Tables of connections to payment processors.

import type { Table } from '../kernel/table.ts';

export const tables = {
  providers: {
    sealedFieldsOf: ['connection'],
    holds: 'connections to payment processors with their credentials',
    dataClass: 'secret',
    rows: {
      connection: { partitions: ['conn_*'], facts: ['connection'] },
      // Written by those who ask the processor, who may not change what it is asked with.
      health: { partitions: ['cnh_*'], facts: ['connection_health'] },
      defaults: { partitions: ['cdf_*'], facts: ['connection_defaults'] },
    },
    indexes: ['list'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
