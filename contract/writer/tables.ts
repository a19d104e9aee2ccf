// The table that names the zone's writer region. It holds one row, and nothing of any tenant.

import type { Table } from '../kernel/table.ts';

export const tables = {
  writer: {
    holds: 'which region of the zone takes writes, and until when',
    dataClass: 'internal',
    rows: { lease: { partitions: ['lease'] } },
    indexes: [],
    consistency: 'strong',
    stream: false,
    listShards: 1,
    recoveryDays: 35,
    unbackedBecause: 'a lease of another time names a region that writes no more',
  },
} as const satisfies Record<string, Table>;
