// Tables of the audit trail.

import type { Table } from '../kernel/table.ts';

export const tables = {
  audit: {
    holds: 'who did what, when, from where',
    dataClass: 'personal',
    rows: { entry: { partitions: ['*#?'] } },
    indexes: [],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
