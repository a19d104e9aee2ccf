// What becomes of each event in the webhook bench: when it happened, when it was first sent, whether it was taken, and when
// a further attempt was due. What is taken is noted as a number and forgotten, so that a long run fits into memory.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { insertOf } from '../../local/dynamodb/insert.ts';
import type { AwsCall } from '../../test/kit/aws/answered.ts';
import type { Happening, Tenant } from './webhooks_load.ts';

interface Followed {
  readonly tenant: Tenant;
  readonly atMs: number;
  readonly previous: string | null;
  firstMs: number | null;
  dueMs: number | null;
  isDelivered: boolean;
}

/** Of some numbers; NaN where there are none. */
export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

function spreadOf(numbers: readonly number[]): Spread {
  const sorted = Float64Array.from(numbers).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, least: at(0), p50: at(0.5), p99: at(0.99), most: at(1) };
}

export interface Found {
  readonly events: number;
  /** From what happened to its first attempt, in ms; what happened in the warm-up apart, and not to receivers that hang. */
  readonly first: Readonly<Record<'all' | 'noisy' | 'quiet' | 'warmUp', Spread>>;
  /** How late further attempts to receivers that work were, in ms; negative: early. */
  readonly retries: Spread;
  /** Sent before the event before it was taken. */
  readonly outOfOrder: number;
  /** Of tenants whose receivers work: not taken at the end. Of the others: without a delivery that still waits. */
  readonly lost: number;
  /** Deliveries that wait for receivers that hang, by status. */
  readonly waiting: Readonly<Record<string, number>>;
}

type Key = Record<string, AttributeValue>;
interface Place {
  readonly table: string;
  readonly key: Key;
}

/** What is taken is kept for so long: what comes after it may look for it. */
const retentionMs = 30_000;

interface Item {
  readonly pk?: AttributeValue;
  readonly sk?: AttributeValue;
  readonly event?: AttributeValue;
  readonly status?: AttributeValue;
  readonly due_at?: AttributeValue;
  readonly lease_until_ms?: AttributeValue;
  readonly attempts?: AttributeValue;
}

/** Rows that a call writes, with their tables. */
function* written({ operation, input }: AwsCall): Generator<{ readonly table: string; readonly item: Item }> {
  const {
    TableName,
    Item,
    TransactItems,
    Statements = [],
  } = input as {
    readonly TableName?: string;
    readonly Item?: Item;
    readonly TransactItems?: readonly { readonly Put?: { readonly TableName: string; readonly Item: Item } }[];
    readonly Statements?: readonly { readonly Statement: string; readonly Parameters: readonly AttributeValue[] }[];
  };
  if (operation === 'PutItem' && TableName !== undefined && Item !== undefined) yield { table: TableName, item: Item };
  for (const { Put } of TransactItems ?? []) if (Put !== undefined) yield { table: Put.TableName, item: Put.Item };
  for (const { Statement, Parameters } of Statements) {
    const insert = insertOf(Statement, Parameters);
    if (insert !== undefined) yield insert;
  }
}

const waitsAgain = ({ status, lease_until_ms, attempts }: Item): boolean =>
  status?.S === 'pending' && lease_until_ms?.NULL === true && (attempts?.L?.length ?? 0) > 0;

export class Notes {
  readonly #now: () => number;
  readonly #countsFromMs: number;
  readonly #followed = new Map<string, Followed>();
  readonly #places = new Map<string, Place[]>();
  readonly #delivered: { readonly event: string; readonly atMs: number }[] = [];
  #forgotten = 0;
  readonly #first: Readonly<Record<'noisy' | 'quiet' | 'warmUp', number[]>> = { noisy: [], quiet: [], warmUp: [] };
  readonly #retries: number[] = [];
  #events = 0;
  #outOfOrder = 0;
  #arrival = (): void => {};

  constructor({ now, countsFromMs }: { readonly now: () => number; readonly countsFromMs: number }) {
    this.#now = now;
    this.#countsFromMs = countsFromMs;
  }

  onArrival(hear: () => void): void {
    this.#arrival = hear;
  }

  happened({ event, tenant, atMs, previous }: Happening): void {
    this.#events += 1;
    this.#followed.set(event, { tenant, atMs, previous, firstMs: null, dueMs: null, isDelivered: false });
  }

  /** After each call to AWS. */
  readonly observed = (call: AwsCall): void => {
    if (call.operation === 'SendMessageBatch') this.#arrival();
    if (call.service !== 'dynamodb') return;
    for (const { table, item } of written(call)) {
      if (table === 'webhooks' || table === 'events') this.#noteRow(table, item);
    }
  };

  #noteRow(table: string, item: Item): void {
    const { pk, sk, event, due_at } = item;
    const id = event?.S ?? sk?.S ?? '';
    const own = this.#places.get(id) ?? [];
    this.#places.set(id, own);
    if (pk !== undefined && sk !== undefined && !own.some((each) => each.table === table)) {
      own.push({ table, key: { pk, sk } });
    }
    const known = this.#followed.get(id);
    if (waitsAgain(item) && known !== undefined) known.dueMs = Date.parse(due_at?.S ?? '');
  }

  sent(event: string): void {
    const one = this.#followed.get(event);
    if (one === undefined) throw new Error(`${event} is sent and never happened`);
    const now = this.#now();
    if (one.firstMs === null) {
      one.firstMs = now;
      const before = one.previous === null ? undefined : this.#followed.get(one.previous);
      if (before !== undefined && !before.isDelivered) this.#outOfOrder += 1;
      const { kind } = one.tenant;
      if (kind !== 'hanging') this.#first[one.atMs < this.#countsFromMs ? 'warmUp' : kind].push(now - one.atMs);
    } else if (one.dueMs !== null && one.tenant.kind !== 'hanging') {
      this.#retries.push(now - one.dueMs);
    }
    one.dueMs = null;
  }

  delivered(event: string): void {
    const one = this.#followed.get(event);
    if (one !== undefined) one.isDelivered = true;
    this.#delivered.push({ event, atMs: this.#now() });
  }

  /** Gives away the rows that nobody asks for any more. */
  forgotten(remove: (place: Place) => void): void {
    for (
      let one = this.#delivered[this.#forgotten];
      one !== undefined && one.atMs + retentionMs < this.#now();
      one = this.#delivered[this.#forgotten]
    ) {
      this.#forgotten += 1;
      const { event } = one;
      for (const place of this.#places.get(event) ?? []) remove(place);
      this.#places.delete(event);
      this.#followed.delete(event);
    }
  }

  found(rows: Iterable<Item & { readonly object?: AttributeValue }>): Found {
    const waiting: Record<string, number> = {};
    const waits = new Set<string>();
    for (const { object, event, status } of rows) {
      if (object?.S !== 'delivery' || this.#followed.get(event?.S ?? '')?.tenant.kind !== 'hanging') continue;
      waiting[status?.S ?? ''] = (waiting[status?.S ?? ''] ?? 0) + 1;
      if (['pending', 'blocked', 'parked'].includes(status?.S ?? '')) waits.add(event?.S ?? '');
    }
    const lost = [...this.#followed].filter(([event, { tenant, isDelivered }]) =>
      tenant.kind === 'hanging' ? !waits.has(event) : !isDelivered,
    ).length;
    return {
      events: this.#events,
      first: {
        all: spreadOf([...this.#first.noisy, ...this.#first.quiet]),
        noisy: spreadOf(this.#first.noisy),
        quiet: spreadOf(this.#first.quiet),
        warmUp: spreadOf(this.#first.warmUp),
      },
      retries: spreadOf(this.#retries),
      outOfOrder: this.#outOfOrder,
      lost,
      waiting,
    };
  }
}
