// Tables of events.

import type { Table } from '../kernel/table.ts';

export const tables = {
  events: {
    holds: 'what merchants may read and receive',
    dataClass: 'internal',
    rows: { event: { partitions: ['*#test#?', '*#live#?'] } },
    indexes: [],
    stream: false,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
