// Tables of customers and their saved payment methods.

import type { Table } from '../kernel/table.ts';

export const tables = {
  subjects: {
    holds: 'customers and their saved payment methods, sealed under the keys of data subjects',
    dataClass: 'personal',
    rows: { customer: { partitions: ['cus_*'], facts: ['customer'] } },
    indexes: ['list', 'lookup'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  subject_keys: {
    holds: 'the keys of data subjects, one each, wrapped under data keys of their tenants',
    dataClass: 'secret',
    rows: { key: { partitions: ['cus_*'] } },
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 7,
    unbackedBecause: 'a destroyed key must be gone everywhere once point-in-time recovery has passed it',
  },
} as const satisfies Record<string, Table>;
