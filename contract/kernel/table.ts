// What a capability says of its tables, and how every table is keyed. Keys are decided once, in docs/decisions/0001: `pk`, `sk`
// and sparse, keys-only indexes. `list` finds an owner's objects newest first; `due` finds what must be looked at again;
// `lookup` finds an owner's objects by the keyed digest of something personal, which lies nowhere in the clear.

export interface Table {
  readonly holds: string;
  readonly indexes: readonly IndexName[];
  /** Objects whose rows hold what merchants wrote in their own words, sealed as `sealed_fields` (docs/decisions/0022). */
  readonly sealedFieldsOf?: readonly string[];
  /** It has a stream. */
  readonly stream: boolean;
  /** Its rows record facts, which the relay reads from its stream. */
  readonly relayed?: true;
  /** Partitions over which one owner's rows are spread: in the `list` index, or in the table where it has none. */
  readonly listShards: number;
  /** Point-in-time recovery window. */
  readonly recoveryDays: number;
}

export type IndexName = 'list' | 'due' | 'lookup';

/** Partitions of every `due` index. */
export const dueShards = 8;

export const indexKeys = {
  list: { partition: 'list_pk', sort: 'list_sk' },
  due: { partition: 'due_pk', sort: 'due_sk' },
  lookup: { partition: 'lookup_pk', sort: 'lookup_sk' },
} as const satisfies Record<IndexName, { partition: string; sort: string }>;
