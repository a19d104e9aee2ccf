// What a capability says of its tables: which rows they hold, whose facts the relay believes of them, and how they are keyed. Keys are decided once, in docs/decisions/0001: `pk`, `sk`
// and sparse, keys-only indexes. `list` finds an owner's objects newest first; `due` finds what must be looked at again;
// `lookup` finds an owner's objects by the keyed digest of something personal, which lies nowhere in the clear.

import type { DataClass } from './data_class.ts';
import type { AggregateType } from './vocabulary.ts';

/**
 * One kind of row. IAM can tell rows of a table apart by their partition keys alone, so kinds that different functions write
 * differ in these, or lie in different tables (test/contract/trust.test.ts).
 */
export interface RowKind {
  /** What their partition keys look like, as IAM's `StringLike` has it. */
  readonly partitions: readonly string[];
  /** Aggregates whose facts such rows may bear: the relay believes no others of them. Absent: they bear none. */
  readonly facts?: readonly AggregateType[];
}

export interface Table {
  readonly holds: string;
  readonly dataClass: DataClass;
  readonly rows: Readonly<Record<string, RowKind>>;
  readonly indexes: readonly IndexName[];
  /** Objects whose rows hold what merchants wrote in their own words, sealed as `sealed_fields` (docs/decisions/0022). */
  readonly sealedFieldsOf?: readonly string[];
  /** It has a stream. */
  readonly stream: boolean;
  /** Partitions over which one owner's rows are spread: in the `list` index, or in the table where it has none. */
  readonly listShards: number;
  /**
   * `strong`: a write is in both regions before it is acknowledged, and a strongly consistent read in either region sees it.
   * Such a table has neither time to live nor transactions (DynamoDB developer guide, "How DynamoDB global tables work",
   * read 2026-12-01). Absent: replication follows the write, within a second or so.
   */
  readonly consistency?: 'strong';
  /** Point-in-time recovery window. */
  readonly recoveryDays: number;
  /** Why the daily backup leaves it out. Absent: it is in it. */
  readonly unbackedBecause?: string;
}

/** Its rows record facts, which the relay reads from its stream. */
export const isRelayed = ({ rows }: Table): boolean => Object.values(rows).some(({ facts = [] }) => facts.length > 0);

export type IndexName = 'list' | 'due' | 'lookup';

/** What matches a pattern with `*` and `?`, as IAM's StringLike does. */
/* @__NO_SIDE_EFFECTS__ */
export const patternOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[*?]/g, (wildcard) => (wildcard === '*' ? '.*' : '.'))}$`, 's');

/** Whether some text fits both patterns. */
export function patternsOverlap(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one.startsWith('*'))
    return patternsOverlap(one.slice(1), other) || (other !== '' && patternsOverlap(one, other.slice(1)));
  if (other.startsWith('*')) return patternsOverlap(other, one);
  if (one === '' || other === '') return false;
  return (one[0] === other[0] || one[0] === '?' || other[0] === '?') && patternsOverlap(one.slice(1), other.slice(1));
}

/** Whether a row with that partition key is of the kind. */
export const isOfKind = ({ partitions }: RowKind, partition: string): boolean =>
  partitions.some((pattern) => patternOf(pattern).test(partition));

/** Partitions of every `due` index. */
export const dueShards = 8;

export const indexKeys = {
  list: { partition: 'list_pk', sort: 'list_sk' },
  due: { partition: 'due_pk', sort: 'due_sk' },
  lookup: { partition: 'lookup_pk', sort: 'lookup_sk' },
} as const satisfies Record<IndexName, { partition: string; sort: string }>;
