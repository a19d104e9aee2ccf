// Tables of payments, captures, refunds and voids.

import type { Table } from '../kernel/table.ts';

export const tables = {
  payments: {
    sealedFieldsOf: ['payment', 'capture', 'refund', 'void'],
    holds: 'payments with their captures, refunds and voids',
    dataClass: 'personal',
    rows: { payment: { partitions: ['pay_*'], facts: ['payment'] }, lost_update: { partitions: ['lost#*'] } },
    indexes: ['list', 'due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
