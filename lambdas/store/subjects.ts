// The tables of data subjects: a customer and its saved payment methods share a partition of `subjects`; the subject's key
// lies in `subject_keys`, so that no copy of the one table opens without the other. Both are always read together and
// strongly consistent, so that an erasure holds at once.

import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventType } from '../../contract/events.ts';
import { awsLimits, customerLimits as limits } from '../../contract/limits.ts';
import type { TableName } from '../../contract/tables.ts';
import { Customer, SavedMethod, type WithMethod } from '../domain/customer.ts';
import { Refusal } from '../domain/refusal.ts';
import { type Erased, SubjectKey } from '../domain/subject.ts';
import { type Act, type Committed, commit, type StorePlatform } from './commit.ts';
import { fromItem, type Item, type Key, keyOf, type RowType, type Stored } from './row.ts';

const ownerOf = ({ tenant, mode }: Pick<Customer, 'tenant' | 'mode'>): string => `${tenant}#${mode}`;

export const customerRow: RowType<Customer> = {
  table: 'subjects',
  schema: Customer,
  key: ({ id }) => ({ pk: id, sk: 'subject' }),
  listed: (customer) =>
    customer.status === 'active'
      ? { owner: ownerOf(customer), id: customer.id, since: customer.created_at }
      : null,
  due: () => null,
  lookup: (customer) =>
    customer.email_digest === null
      ? null
      : { owner: ownerOf(customer), digest: customer.email_digest, id: customer.id, since: customer.created_at },
};

export const savedMethodRow: RowType<SavedMethod> = {
  table: 'subjects',
  schema: SavedMethod,
  key: ({ id, customer }) => ({ pk: customer, sk: id }),
  listed: () => null,
  due: () => null,
};

export const subjectKeyRow: RowType<SubjectKey> = {
  table: 'subject_keys',
  schema: SubjectKey,
  key: ({ subject }) => ({ pk: subject, sk: 'key' }),
  listed: () => null,
  due: () => null,
};

export interface StoredSubject {
  readonly customer: Stored<Customer>;
  /** Undefined: it is lost. A destroyed one is there, without its wrapped form. */
  readonly key: Stored<SubjectKey> | undefined;
}

/** Some rows of both tables in one call; what a busy table put off is asked for again, a few times. */
async function readTogether(
  platform: StorePlatform,
  keys: Readonly<Partial<Record<TableName, readonly Key[]>>>,
): Promise<(table: TableName) => Item[]> {
  const { config, dynamodb } = platform;
  const found = new Map<string, Item[]>();
  let left = Object.fromEntries(
    Object.entries(keys).map(([table, each]) => [
      config.table(table as TableName),
      { Keys: each.map(keyOf), ConsistentRead: true },
    ]),
  );
  for (let tries = 0; Object.keys(left).length > 0; tries += 1) {
    if (tries === awsLimits.unprocessedTries) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    const { Responses = {}, UnprocessedKeys = {} } = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: left }),
    );
    for (const [name, items] of Object.entries(Responses)) found.set(name, [...(found.get(name) ?? []), ...items]);
    left = UnprocessedKeys as typeof left;
  }
  return (table) => found.get(config.table(table)) ?? [];
}

const rowsOf = (id: string) => ({
  subjects: { pk: id, sk: 'subject' },
  subject_keys: { pk: id, sk: 'key' },
});

/** By id. */
const subjectsIn = (read: (table: TableName) => Item[]): Map<string, StoredSubject> => {
  const keys = new Map(read('subject_keys').map((item) => [item.pk?.S ?? '', fromItem(subjectKeyRow, item)]));
  const customers = read('subjects').filter(({ sk }) => sk?.S === 'subject');
  return new Map(
    customers.map((item) => {
      const customer = fromItem(customerRow, item);
      return [customer.value.id, { customer, key: keys.get(customer.value.id) }];
    }),
  );
};

/** A customer with its key, and one saved method where it is named; undefined where there is no such customer. */
export async function loadSubject(
  platform: StorePlatform,
  id: string,
  methodId?: string,
): Promise<(StoredSubject & { readonly method: Stored<SavedMethod> | undefined }) | undefined> {
  const { subjects, subject_keys } = rowsOf(id);
  const method = methodId === undefined ? [] : [{ pk: id, sk: methodId }];
  const read = await readTogether(platform, { subjects: [subjects, ...method], subject_keys: [subject_keys] });
  const subject = subjectsIn(read).get(id);
  const item = read('subjects').find(({ sk }) => sk?.S === methodId);
  return subject && { ...subject, method: item && fromItem(savedMethodRow, item) };
}

/** Customers with their keys, by id; so many a call, side by side. */
export async function loadSubjects(
  platform: StorePlatform,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredSubject>> {
  const calls = Array.from({ length: Math.ceil(ids.length / limits.subjectsPerCall) }, async (_, call) => {
    const from = call * limits.subjectsPerCall;
    const rows = ids.slice(from, from + limits.subjectsPerCall).map(rowsOf);
    return subjectsIn(
      await readTogether(platform, {
        subjects: rows.map(({ subjects }) => subjects),
        subject_keys: rows.map(({ subject_keys }) => subject_keys),
      }),
    );
  });
  return new Map((await Promise.all(calls)).flatMap((found) => [...found]));
}

/** Saved methods of a customer, by id. */
export async function loadMethods(
  platform: StorePlatform,
  customer: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SavedMethod>> {
  if (ids.length === 0) return new Map();
  const read = await readTogether(platform, { subjects: ids.map((sk) => ({ pk: customer, sk })) });
  return new Map(
    read('subjects').map((item) => {
      const { value } = fromItem(savedMethodRow, item);
      return [value.id, value];
    }),
  );
}

const recordingOf = (fact: EventType | null, aggregateId: string) => fact && { type: fact, aggregateId };

/** The customer with its key, or neither. */
export const createSubject = (
  platform: StorePlatform,
  key: SubjectKey,
  customer: Customer,
  fact: EventType | null,
  act: Act,
): Promise<Committed<[SubjectKey, Customer]>> =>
  commit(
    platform,
    [
      { type: subjectKeyRow, before: null, next: key },
      { type: customerRow, before: null, next: customer },
    ],
    recordingOf(fact, customer.id),
    act,
  );

export const updateCustomer = (
  platform: StorePlatform,
  before: Stored<Customer>,
  next: Customer,
  fact: EventType | null,
  act: Act,
): Promise<Committed<[Customer]>> =>
  commit(platform, [{ type: customerRow, before, next }], recordingOf(fact, next.id), act);

/** The end of the key and of what the customer's row holds, or neither. */
export const eraseSubject = (
  platform: StorePlatform,
  before: StoredSubject,
  next: Erased,
  fact: EventType | null,
  act: Act,
): Promise<Committed<[SubjectKey, Customer]>> =>
  commit(
    platform,
    [
      { type: subjectKeyRow, before: before.key ?? null, next: next.key },
      { type: customerRow, before: before.customer, next: next.customer },
    ],
    recordingOf(fact, next.customer.id),
    act,
  );

/** A saved method, and the customer that counts it and whose sequence its fact carries. */
export const writeMethod = (
  platform: StorePlatform,
  before: { readonly customer: Stored<Customer>; readonly method: Stored<SavedMethod> | null },
  next: WithMethod,
  fact: EventType | null,
  act: Act,
): Promise<Committed<[Customer, SavedMethod]>> =>
  commit(
    platform,
    [
      { type: customerRow, before: before.customer, next: next.customer },
      { type: savedMethodRow, before: before.method, next: next.method },
    ],
    recordingOf(fact, next.customer.id),
    act,
  );
