// Tables of webhook endpoints and deliveries.

import type { Table } from '../kernel/table.ts';

export const tables = {
  webhooks: {
    sealedFieldsOf: ['webhook_endpoint'],
    holds: 'webhook endpoints with their secrets, and what is delivered to them',
    indexes: ['due'],
    stream: true,
    relayed: true,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
