// Reads of data subjects: rows and keys always together and strongly consistent, so that an erasure holds at once.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { customerLimits as limits } from '../../../contract/customers/limits.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { batchGet } from '../../kernel/store/load.ts';
import { fromItem, type Item, type Key, type Stored } from '../../kernel/store/row.ts';
import { Customer } from '../domain/customer.ts';
import type { SavedMethod } from '../domain/saved_method.ts';
import type { Subject, SubjectKey } from '../domain/subject.ts';
import { customerRow, type StoredSubject, savedMethodRow, subjectKeyRow } from './rows.ts';

const customerAt = (id: string): Key => ({ pk: id, sk: 'subject' });
const subjectKeyAt = (id: string): Key => ({ pk: id, sk: 'key' });
const methodAt = (customer: string, id: string): Key => ({ pk: customer, sk: id });

/** Rows of both tables in one call. `only`: the attributes of `subjects` that are read. Absent: all. */
async function readTogether(
  platform: StorePlatform,
  { subjects, keys, only }: { readonly subjects: Key[]; readonly keys: Key[]; readonly only?: readonly string[] },
): Promise<{ readonly subjects: Item[]; readonly keys: Item[] }> {
  const read = await batchGet(platform, {
    subjects: { keys: subjects, consistent: true, ...(only && { only }) },
    subject_keys: { keys, consistent: true },
  });
  return { subjects: read('subjects'), keys: read('subject_keys') };
}

const withSort = (items: readonly Item[], sk: string | undefined): Item | undefined =>
  items.find((item) => item.sk?.S === sk);

/** By id. */
function subjectsIn(read: { readonly subjects: Item[]; readonly keys: Item[] }): Map<string, StoredSubject> {
  const keys = new Map(read.keys.map((item) => [item.pk?.S ?? '', fromItem(subjectKeyRow, item)]));
  const customers = read.subjects.filter(({ sk }) => sk?.S === 'subject');
  return new Map(
    customers.map((item) => {
      const customer = fromItem(customerRow, item);
      return [customer.value.id, { customer, key: keys.get(customer.value.id) }];
    }),
  );
}

export interface FoundSubject extends StoredSubject {
  /** Where one was asked for, and is there. */
  readonly method: Stored<SavedMethod> | undefined;
}

/** A customer with its key, and one saved method where it is named; undefined where there is no such customer. */
export async function loadSubject(
  platform: StorePlatform,
  id: string,
  methodId?: string,
): Promise<FoundSubject | undefined> {
  const method = methodId === undefined ? [] : [methodAt(id, methodId)];
  const read = await readTogether(platform, { subjects: [customerAt(id), ...method], keys: [subjectKeyAt(id)] });
  const subject = subjectsIn(read).get(id);
  const item = withSort(read.subjects, methodId);
  return subject && { ...subject, method: item && fromItem(savedMethodRow, item) };
}

/** What a payment needs of a customer: nothing personal. */
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
  const method = methodId === undefined ? [] : [methodAt(id, methodId)];
  const read = await readTogether(platform, {
    subjects: [customerAt(id), ...method],
    keys: [subjectKeyAt(id)],
    only: ['pk', 'sk', 'tenant', 'mode', 'status', 'details'],
  });
  const customer = withSort(read.subjects, 'subject');
  if (customer === undefined) return undefined;
  const parsed = v.safeParse(Paying, unmarshall(customer));
  if (!parsed.success) throw new Defect('a row of subjects does not fit its schema');
  const { pk, status, ...owner } = parsed.output;
  const [key] = read.keys;
  return {
    subject: { id: pk, ...owner },
    status,
    key: key && fromItem(subjectKeyRow, key).value,
    details: withSort(read.subjects, methodId)?.details?.B ?? null,
  };
}

/** Customers with their keys, by id; so many a call, side by side. */
export async function loadSubjects(
  platform: StorePlatform,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredSubject>> {
  const calls = Array.from({ length: Math.ceil(ids.length / limits.subjectsPerCall) }, async (_, call) => {
    const from = call * limits.subjectsPerCall;
    const some = ids.slice(from, from + limits.subjectsPerCall);
    return subjectsIn(await readTogether(platform, { subjects: some.map(customerAt), keys: some.map(subjectKeyAt) }));
  });
  return new Map((await Promise.all(calls)).flatMap((found) => [...found]));
}

/** Saved methods of a customer, by id. */
export async function loadMethods(
  platform: StorePlatform,
  customer: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SavedMethod>> {
  const { subjects } = await readTogether(platform, { subjects: ids.map((id) => methodAt(customer, id)), keys: [] });
  return new Map(
    subjects.map((item) => {
      const { value } = fromItem(savedMethodRow, item);
      return [value.id, value];
    }),
  );
}
