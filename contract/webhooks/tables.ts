// Tables of webhook endpoints and deliveries.

import type { Table } from '../kernel/table.ts';

export const tables = {
  webhooks: {
    sealedFieldsOf: ['webhook_endpoint'],
    holds: 'webhook endpoints with their secrets, and what is delivered to them',
    dataClass: 'secret',
    rows: {
      endpoint: { partitions: ['*#test', '*#live'], facts: ['webhook_endpoint'] },
      delivery: { partitions: ['*#test#?', '*#live#?'], facts: ['delivery'] },
    },
    indexes: ['due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
