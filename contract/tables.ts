// The tables of a zone, one per domain. Keys are decided once, in docs/decisions/0001: `pk`, `sk` and two sparse,
// keys-only indexes. `list` finds an owner's objects newest first; `due` finds what must be looked at again.

export interface Table {
  readonly holds: string;
  readonly indexes: readonly IndexName[];
  /** Streams feed the relay. */
  readonly stream: boolean;
  /** Partitions over which one owner's rows are spread: in the `list` index, or in the table where it has none. */
  readonly listShards: number;
  /** Point-in-time recovery window. */
  readonly recoveryDays: number;
}

export type IndexName = 'list' | 'due';

export const tables = {
  tenants: { holds: 'tenants, API keys, operators', indexes: ['list'], stream: true, listShards: 1, recoveryDays: 35 },
  payments: {
    holds: 'payments with their captures, refunds and voids',
    indexes: ['list', 'due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  events: { holds: 'what merchants may read and receive', indexes: [], stream: false, listShards: 8, recoveryDays: 35 },
  webhooks: {
    holds: 'webhook endpoints with their secrets, and what is delivered to them',
    indexes: ['due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  providers: {
    holds: 'connections to payment processors with their credentials, and what processors tell through them',
    indexes: ['list', 'due'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  data_keys: {
    holds: 'the data keys of tenants, one a day, wrapped by KMS',
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 35,
  },
  audit: { holds: 'who did what, when, from where', indexes: [], stream: true, listShards: 8, recoveryDays: 35 },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof tables;

/** Partitions of every `due` index. */
export const dueShards = 8;

export const indexKeys = {
  list: { partition: 'list_pk', sort: 'list_sk' },
  due: { partition: 'due_pk', sort: 'due_sk' },
} as const satisfies Record<IndexName, { partition: string; sort: string }>;
