// Tables of the audit trail.

import type { Table } from '../kernel/table.ts';

export const tables = {
  audit: { holds: 'who did what, when, from where', indexes: [], stream: true, listShards: 8, recoveryDays: 35 },
  // Apart from entries: these rows are counted up, and an entry is never changed.
  unknown_credentials: {
    holds: 'how many requests came with credentials that nobody issued, minute by minute',
    indexes: [],
    stream: false,
    listShards: 8,
    recoveryDays: 35,
  },
} as const satisfies Record<string, Table>;
