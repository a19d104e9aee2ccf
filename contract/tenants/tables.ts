// Tables of tenants, API keys and operators.

import type { Table } from '../kernel/table.ts';

export const tables = {
  tenants: {
    holds: 'tenants, API keys, operators',
    sealedFieldsOf: ['tenant'],
    indexes: ['list'],
    stream: true,
    relayed: true,
    listShards: 1,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
