// Reads of data subjects: rows and keys always together and strongly consistent, so that an erasure holds at once.

import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import type { TableName } from '../../contract/capabilities.ts';
import { customerLimits as limits } from '../../contract/customers/limits.ts';
import { awsLimits } from '../../contract/kernel/limits.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { fromItem, type Item, type Key, keyOf, type Stored } from '../kernel/store/row.ts';
import { Customer } from './domain/customer.ts';
import type { SavedMethod } from './domain/saved_method.ts';
import type { Subject, SubjectKey } from './domain/subject.ts';
import { customerRow, type StoredSubject, savedMethodRow, subjectKeyRow } from './store.ts';

interface Wanted {
  readonly keys: readonly Key[];
  /** Absent: all attributes. */
  readonly only?: readonly string[];
}

const projection = (only: readonly string[]) => ({
  ProjectionExpression: only.map((name) => `#${name}`).join(),
  ExpressionAttributeNames: Object.fromEntries(only.map((name) => [`#${name}`, name])),
});

/** Some rows of both tables in one call; what a busy table put off is asked for again, a few times. */
async function readTogether(
  platform: StorePlatform,
  wanted: Readonly<Partial<Record<TableName, Wanted>>>,
): Promise<(table: TableName) => Item[]> {
  const { config, dynamodb } = platform;
  const found = new Map<string, Item[]>();
  let left: BatchGetItemCommandInput['RequestItems'] = Object.fromEntries(
    Object.entries(wanted).map(([table, { keys, only }]) => [
      config.table(table as TableName),
      { Keys: keys.map(keyOf), ConsistentRead: true, ...(only && projection(only)) },
    ]),
  );
  for (let tries = 0; Object.keys(left ?? {}).length > 0; tries += 1) {
    if (tries === awsLimits.unprocessedTries) throw new Refusal('unavailable', { retryAfterSeconds: 1 });
    const { Responses = {}, UnprocessedKeys }: BatchGetItemCommandOutput = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: left }),
    );
    for (const [name, items] of Object.entries(Responses)) found.set(name, [...(found.get(name) ?? []), ...items]);
    left = UnprocessedKeys;
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
  const read = await readTogether(platform, {
    subjects: { keys: [subjects, ...method] },
    subject_keys: { keys: [subject_keys] },
  });
  const subject = subjectsIn(read).get(id);
  const item = read('subjects').find(({ sk }) => sk?.S === methodId);
  return subject && { ...subject, method: item && fromItem(savedMethodRow, item) };
}

/** What of a customer lets it pay: nothing that tells of the person. */
export interface Payer {
  readonly subject: Subject;
  readonly status: Customer['status'];
  readonly key: SubjectKey | undefined;
  /** Of the saved method, where it is there. */
  readonly details: SavedMethod['details'];
}

const Paying = v.object({
  pk: v.string(),
  ...v.pick(Customer, ['tenant', 'mode', 'status']).entries,
});

/** Undefined where there is no such customer. Of its row nothing is read but what is named here. */
export async function loadPayer(
  platform: StorePlatform,
  id: string,
  methodId: string | undefined,
): Promise<Payer | undefined> {
  const { subjects, subject_keys } = rowsOf(id);
  const method = methodId === undefined ? [] : [{ pk: id, sk: methodId }];
  const read = await readTogether(platform, {
    subjects: { keys: [subjects, ...method], only: ['pk', 'sk', 'tenant', 'mode', 'status', 'details'] },
    subject_keys: { keys: [subject_keys] },
  });
  const row = (sk: string | undefined) => read('subjects').find((item) => item.sk?.S === sk);
  const customer = row(subjects.sk);
  if (customer === undefined) return undefined;
  const parsed = v.safeParse(Paying, unmarshall(customer));
  if (!parsed.success) throw new Defect('a row of subjects does not fit its schema');
  const { pk, status, ...owner } = parsed.output;
  const [key] = read('subject_keys');
  const details = methodId === undefined ? undefined : row(methodId)?.details?.B;
  return {
    subject: { id: pk, ...owner },
    status,
    key: key && fromItem(subjectKeyRow, key).value,
    details: details ?? null,
  };
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
        subjects: { keys: rows.map(({ subjects }) => subjects) },
        subject_keys: { keys: rows.map(({ subject_keys }) => subject_keys) },
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
  const read = await readTogether(platform, { subjects: { keys: ids.map((sk) => ({ pk: customer, sk })) } });
  return new Map(
    read('subjects').map((item) => {
      const { value } = fromItem(savedMethodRow, item);
      return [value.id, value];
    }),
  );
}
