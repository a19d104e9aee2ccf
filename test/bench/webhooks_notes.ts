// What becomes of each event in the webhook bench: when it happened, when it was first sent, whether it was taken, and when
// a further attempt was due. What is taken is noted as a number and forgotten, so that a long run fits into memory.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AwsCall } from '../aws/answered.ts';
import type { Happening, Tenant } from './webhooks_load.ts';

interface Followed {
  readonly tenant: Tenant;
  readonly atMs: number;
  readonly previous: string | null;
  firstMs: number | null;
  dueMs: number | null;
  isTaken: boolean;
}

export interface Found {
  readonly events: number;
  /** From what happened to its first attempt, in ms; events of the warm-up apart. */
  readonly first: Readonly<Record<Tenant['kind'], readonly number[]>>;
  readonly firstInWarmUp: readonly number[];
  /** How late further attempts to receivers that work were, in ms; negative: early. */
  readonly retries: readonly number[];
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
const keptMs = 30_000;

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
  const taken: { readonly event: string; readonly atMs: number }[] = [];
  const first: Record<Tenant['kind'], number[]> = { noisy: [], quiet: [], hanging: [] };
  const firstInWarmUp: number[] = [];
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
      followed.set(event, { tenant, atMs, previous, firstMs: null, dueMs: null, isTaken: false });
    },
    /** After each call to AWS. */
    carried(call: AwsCall): void {
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
        if (before !== undefined && !before.isTaken) outOfOrder += 1;
        const counted = one.atMs < countsFromMs ? firstInWarmUp : first[one.tenant.kind];
        if (one.tenant.kind !== 'hanging' || counted !== firstInWarmUp) counted.push(now() - one.atMs);
      } else if (one.dueMs !== null && one.tenant.kind !== 'hanging') {
        retries.push(now() - one.dueMs);
      }
      one.dueMs = null;
    },
    taken(event: string): void {
      const one = followed.get(event);
      if (one !== undefined) one.isTaken = true;
      taken.push({ event, atMs: now() });
    },
    /** Gives away the rows that nobody asks for any more. */
    forgotten(remove: (place: Place) => void): void {
      for (let [oldest] = taken; oldest !== undefined && oldest.atMs + keptMs < now(); [oldest] = taken) {
        taken.shift();
        for (const place of places.get(oldest.event) ?? []) remove(place);
        places.delete(oldest.event);
        followed.delete(oldest.event);
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
      const lost = [...followed].filter(([event, { tenant, isTaken }]) =>
        tenant.kind === 'hanging' ? !waits.has(event) : !isTaken,
      ).length;
      return { events, first, firstInWarmUp, retries, outOfOrder, lost, waiting };
    },
  };
}
