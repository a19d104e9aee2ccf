// Tables of what processors report. Apart from their connections: whoever may change a connection cannot report anything.

import type { Table } from '../kernel/table.ts';

export const tables = {
  processor_events: {
    holds: 'the events that processors sent, and which payment a processor’s charge belongs to',
    dataClass: 'personal',
    rows: { event: { partitions: ['conn_*#?'] }, charge: { partitions: ['charges#*'] } },
    indexes: ['due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
