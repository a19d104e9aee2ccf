// Tables of the rotation of secrets and keys.

import type { Table } from '../kernel/table.ts';

export const tables = {
  maintenance: {
    holds: 'what the platform does to itself: runs over its tables, and their certificates',
    dataClass: 'internal',
    rows: { rewrap: { partitions: ['rewrap#*'], facts: ['certificate'] } },
    indexes: [],
    stream: true,
    listShards: 1,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
