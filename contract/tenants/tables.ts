// Tables of tenants, API keys and operators.

import type { Table } from '../kernel/table.ts';

export const tables = {
  tenants: {
    holds: 'tenants, their businesses and capabilities, API keys, operators',
    dataClass: 'personal',
    rows: {
      tenant: { partitions: ['ten_*'], facts: ['tenant'] },
      capability: { partitions: ['tcap_*'] },
      key: { partitions: ['key_*'], facts: ['key'] },
      operator: { partitions: ['opr_*'], facts: ['operator'] },
    },
    sealedFieldsOf: ['tenant'],
    indexes: ['list'],
    stream: true,
    listShards: 1,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
