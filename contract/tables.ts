// The tables of a zone, one per domain. Keys are decided once, in docs/decisions/0001: `pk`, `sk` and sparse, keys-only
// indexes. `list` finds an owner's objects newest first; `due` finds what must be looked at again; `lookup` finds an owner's
// objects by the keyed digest of something personal, which lies nowhere in the clear.

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

export type IndexName = 'list' | 'due' | 'lookup';

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
  subjects: {
    holds: 'customers and their saved payment methods, sealed under the keys of data subjects',
    indexes: ['list', 'lookup'],
    stream: true,
    listShards: 8,
    recoveryDays: 35,
  },
  // Never in any longer backup: what was sealed under a destroyed key is gone everywhere when these days are over.
  subject_keys: {
    holds: 'the keys of data subjects, one each, wrapped under data keys of their tenants',
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 7,
  },
  data_keys: {
    holds: 'the data keys of tenants, one a day, wrapped by KMS',
    indexes: [],
    stream: false,
    listShards: 1,
    recoveryDays: 35,
  },
  maintenance: {
    holds: 'what the platform does to itself: walks over its tables, and their certificates',
    indexes: [],
    stream: true,
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
  lookup: { partition: 'lookup_pk', sort: 'lookup_sk' },
} as const satisfies Record<IndexName, { partition: string; sort: string }>;
