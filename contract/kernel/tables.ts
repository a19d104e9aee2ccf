// Tables of every operation.

import type { Table } from './table.ts';

export const tables = {
  data_keys: {
    holds: 'the data keys of tenants, one a day, wrapped by KMS',
    dataClass: 'secret',
    rows: {
      tenant: { partitions: ['*#tenant'] },
      pii: { partitions: ['*#pii'] },
      secrets: { partitions: ['*#secrets'] },
    },
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
