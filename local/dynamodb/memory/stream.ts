// The stream of one table (DynamoDB developer guide, "Change data capture for DynamoDB Streams"): one record for each
// change of an item, in order; a write that changes nothing leaves none. All records of a partition key are in one shard.

import { sameItem } from './compare.ts';
import type { Stored } from './entry.ts';
import { isRecord } from './input.ts';
import { hashOf } from './keyspace.ts';
import type { Item } from './value.ts';

export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
export const streamViews: readonly StreamView[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  /** As Lambda adds it: DynamoDB's own answers do not have it. */
  readonly eventSourceARN: string;
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since 1970, as in Lambda's events. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamView;
  };
  /** Of deletions by time to live. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
  readonly shard: number;
}

/** Of what this engine wrote down itself. */
export const isStreamRecord = (value: unknown): value is StreamRecord =>
  isRecord(value) && typeof value.eventID === 'string' && isRecord(value.dynamodb) && typeof value.shard === 'number';

const byTimeToLive = { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const;

export interface Change {
  readonly partition: string;
  readonly keys: Item;
  readonly keyBytes: number;
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isExpiry: boolean;
}

/** The number of a record counts from here, so that all have equally many digits and their order is that of the texts. */
export const sequenceOf = (number: number): string => `1${String(number).padStart(20, '0')}`;
export const numberOf = (sequence: string): number => Number(sequence.slice(1));

export class TableStream {
  readonly arn: string;
  readonly label: string;
  readonly view: StreamView;
  readonly shards: number;
  readonly createdAt: number;
  readonly #region: string;
  readonly #records: StreamRecord[] = [];
  /** Number of the record that comes next. */
  #next = 1;

  constructor(tableArn: string, view: StreamView, more: { shards: number; createdAt: number; region: string }) {
    this.view = view;
    this.shards = more.shards;
    this.createdAt = more.createdAt;
    this.#region = more.region;
    this.label = new Date(more.createdAt).toISOString().replace('Z', '');
    this.arn = `${tableArn}/stream/${this.label}`;
  }

  get records(): readonly StreamRecord[] {
    return this.#records;
  }

  get next(): number {
    return this.#next;
  }

  shardOf(partition: string): number {
    return this.shards === 1 ? 0 : hashOf(partition) % this.shards;
  }

  append({ partition, keys, keyBytes, before, after, at, isExpiry }: Change): void {
    if (before === undefined ? after === undefined : after !== undefined && sameItem(before.item, after.item)) return;
    const sequence = sequenceOf(this.#next);
    this.#next += 1;
    const record: { -readonly [Field in keyof StreamRecord]: StreamRecord[Field] } = {
      eventID: `00000000000${sequence}`,
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      eventSourceARN: this.arn,
      awsRegion: this.#region,
      dynamodb: this.#shown(keys, keyBytes, before, after, Math.floor(at / 1000), sequence),
      shard: this.shardOf(partition),
    };
    if (isExpiry) record.userIdentity = byTimeToLive;
    this.#records.push(record);
  }

  #shown(
    Keys: Item,
    keyBytes: number,
    before: Stored | undefined,
    after: Stored | undefined,
    ApproximateCreationDateTime: number,
    SequenceNumber: string,
  ): StreamRecord['dynamodb'] {
    const { view } = this;
    const showsNew = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
    const showsOld = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES';
    const NewImage = showsNew ? after?.item : undefined;
    const OldImage = showsOld ? before?.item : undefined;
    const SizeBytes = keyBytes + (showsNew ? (after?.bytes ?? 0) : 0) + (showsOld ? (before?.bytes ?? 0) : 0);
    const shown = { ApproximateCreationDateTime, Keys, SequenceNumber, SizeBytes, StreamViewType: view };
    // What is not there has no name, either. Literals, as this is written for every change.
    if (NewImage !== undefined && OldImage !== undefined) {
      return { ApproximateCreationDateTime, Keys, NewImage, OldImage, SequenceNumber, SizeBytes, StreamViewType: view };
    }
    if (NewImage !== undefined) {
      return { ApproximateCreationDateTime, Keys, NewImage, SequenceNumber, SizeBytes, StreamViewType: view };
    }
    return OldImage === undefined ? shown : { ...shown, OldImage };
  }

  /** Number of the oldest record that is still stored. */
  get oldest(): number {
    return this.#next - this.#records.length;
  }

  /** Forgets the records before this number. */
  trim(number: number): void {
    this.#records.splice(0, Math.max(0, number - this.oldest));
  }

  /** The records that are still stored follow, in their order. */
  restore(next: number): void {
    this.#next = next;
  }

  restoreRecord(record: StreamRecord): void {
    this.#records.push(record);
  }
}
