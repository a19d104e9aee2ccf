// Tables of payments, captures, refunds and voids.

import type { Table } from '../kernel/table.ts';

export const tables = {
  payments: {
    sealedFieldsOf: ['payment', 'capture', 'refund', 'void'],
    holds: 'payments with their captures, refunds and voids',
    dataClass: 'personal',
    rows: { payment: { partitions: ['pay_*'], facts: ['payment'] }, lost_update: { partitions: ['lost#*'] } },
    indexes: ['list', 'due', 'lookup'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  velocity: {
    holds: 'how many live payments a card, a customer, an address and a tenant began in an hour',
    dataClass: 'internal',
    rows: { counter: { partitions: ['vel#*'] } },
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 1,
    unbackedBecause: 'counts of one hour, of no use after it',
  },
} as const satisfies Record<string, Table>;
