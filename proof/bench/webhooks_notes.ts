// What becomes of each event in the webhook bench: when it happened, when it was first sent, whether it was taken, and when
// a further attempt was due. What is taken is noted as a number and forgotten, so that a long run fits into memory.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
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
  const { TableName, Item, TransactItems, RequestItems } = input as {
    readonly TableName?: string;
    readonly Item?: Item;
    readonly TransactItems?: readonly { readonly Put?: { readonly TableName: string; readonly Item: Item } }[];
    readonly RequestItems?: Record<string, readonly { readonly PutRequest?: { readonly Item: Item } }[]>;
  };
  if (operation === 'PutItem' && TableName !== undefined && Item !== undefined) yield { table: TableName, item: Item };
  for (const { Put } of TransactItems ?? []) if (Put !== undefined) yield { table: Put.TableName, item: Put.Item };
  if (operation !== 'BatchWriteItem') return;
  for (const [table, requests] of Object.entries(RequestItems ?? {})) {
    for (const { PutRequest } of requests) if (PutRequest !== undefined) yield { table, item: PutRequest.Item };
  }
}

export function openNotes({ now, countsFromMs }: { readonly now: () => number; readonly countsFromMs: number }) {
  const followed = new Map<string, Followed>();
  const places = new Map<string, Place[]>();
  const delivered: { readonly event: string; readonly atMs: number }[] = [];
  let forgotten = 0;
  const first: Readonly<Record<'noisy' | 'quiet' | 'warmUp', number[]>> = { noisy: [], quiet: [], warmUp: [] };
  const retries: number[] = [];
  let events = 0;
  let outOfOrder = 0;
  let arrival = (): void => {};

  const noteRow = (table: string, { pk, sk, event, status, due_at, lease_until_ms, attempts }: Item): void => {
    const id = event?.S ?? sk?.S ?? '';
    const own = places.get(id) ?? [];
    places.set(id, own);
    if (pk !== undefined && sk !== undefined && !own.some((each) => each.table === table)) {
      own.push({ table, key: { pk, sk } });
    }
    const waits = status?.S === 'pending' && lease_until_ms?.NULL === true && (attempts?.L?.length ?? 0) > 0;
    const known = followed.get(id);
    if (waits && known !== undefined) known.dueMs = Date.parse(due_at?.S ?? '');
  };

  return {
    onArrival(hear: () => void): void {
      arrival = hear;
    },
    happened({ event, tenant, atMs, previous }: Happening): void {
      events += 1;
      followed.set(event, { tenant, atMs, previous, firstMs: null, dueMs: null, isDelivered: false });
    },
    /** After each call to AWS. */
    observed(call: AwsCall): void {
      if (call.operation === 'SendMessageBatch') arrival();
      if (call.service !== 'dynamodb') return;
      for (const { table, item } of written(call)) if (table === 'webhooks' || table === 'events') noteRow(table, item);
    },
    sent(event: string): void {
      const one = followed.get(event);
      if (one === undefined) throw new Error(`${event} is sent and never happened`);
      if (one.firstMs === null) {
        one.firstMs = now();
        const before = one.previous === null ? undefined : followed.get(one.previous);
        if (before !== undefined && !before.isDelivered) outOfOrder += 1;
        const { kind } = one.tenant;
        if (kind !== 'hanging') first[one.atMs < countsFromMs ? 'warmUp' : kind].push(now() - one.atMs);
      } else if (one.dueMs !== null && one.tenant.kind !== 'hanging') {
        retries.push(now() - one.dueMs);
      }
      one.dueMs = null;
    },
    delivered(event: string): void {
      const one = followed.get(event);
      if (one !== undefined) one.isDelivered = true;
      delivered.push({ event, atMs: now() });
    },
    /** Gives away the rows that nobody asks for any more. */
    forgotten(remove: (place: Place) => void): void {
      for (
        let one = delivered[forgotten];
        one !== undefined && one.atMs + retentionMs < now();
        one = delivered[forgotten]
      ) {
        forgotten += 1;
        const { event } = one;
        for (const place of places.get(event) ?? []) remove(place);
        places.delete(event);
        followed.delete(event);
      }
    },
    found(rows: Iterable<Item & { readonly object?: AttributeValue }>): Found {
      const waiting: Record<string, number> = {};
      const waits = new Set<string>();
      for (const { object, event, status } of rows) {
        if (object?.S !== 'delivery' || followed.get(event?.S ?? '')?.tenant.kind !== 'hanging') continue;
        waiting[status?.S ?? ''] = (waiting[status?.S ?? ''] ?? 0) + 1;
        if (['pending', 'blocked', 'parked'].includes(status?.S ?? '')) waits.add(event?.S ?? '');
      }
      const lost = [...followed].filter(([event, { tenant, isDelivered }]) =>
        tenant.kind === 'hanging' ? !waits.has(event) : !isDelivered,
      ).length;
      const all = spreadOf([...first.noisy, ...first.quiet]);
      const [noisy, quiet, warmUp] = [spreadOf(first.noisy), spreadOf(first.quiet), spreadOf(first.warmUp)];
      return { events, first: { all, noisy, quiet, warmUp }, retries: spreadOf(retries), outOfOrder, lost, waiting };
    },
  };
}
