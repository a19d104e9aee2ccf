// Erasure: once a customer is deleted nothing known of the person can be read again, by nobody, from no copy.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { type TableName, tables } from '../../contract/capabilities.ts';
import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  getPaymentMethod,
  listCustomers,
  listPaymentMethods,
  removePaymentMethod,
  savePaymentMethod,
  updateCustomer,
} from '../../contract/customers/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import { eraseSubject, isErased, subjectKey } from '../../lambdas/customers/domain/subject.ts';
import { customerRow, subjectKeyRow } from '../../lambdas/customers/store/rows.ts';
import { DecryptionError, keyring } from '../../lambdas/kernel/crypto/keyring.ts';
import { subjectKeys } from '../../lambdas/kernel/crypto/subject_keys.ts';
import { dataKeys } from '../../lambdas/kernel/store/data_keys.ts';
import type { Item } from '../../lambdas/kernel/store/row.ts';
import { other } from '../kit/requests.ts';
import {
  type CustomersFixture,
  found,
  openCustomersFixture,
  startMs,
  visa,
  wordsOf,
  zoe,
} from './customers_fixture.ts';

/** Everything that a caller may ask of a customer that is there. */
const asked = (fixture: CustomersFixture, customer: string, method: string) => {
  const params = { customer_id: customer, payment_method_id: method };
  return Promise.all([
    fixture.customers(getCustomer, { params }),
    fixture.customers(updateCustomer, { params, body: { name: 'x' } }),
    fixture.customers(savePaymentMethod, { params, body: visa, key: fixture.nextKey() }),
    fixture.customers(listPaymentMethods, { params }),
    fixture.customers(getPaymentMethod, { params }),
    fixture.customers(removePaymentMethod, { params }),
  ]);
};

const gone = { statusCode: 410, json: { code: 'customer_deleted' } };

describe('[DSR-2] a deleted customer', () => {
  it('is gone at once, for everything that may be asked of it, and twice is the same as once', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const method = await fixture.save(id);
    const params = { customer_id: id };
    await fixture.customers(getCustomer, { params });
    fixture.advance(1_000);
    const first = await fixture.customers(deleteCustomer, { params });
    const at = new Date(startMs + 1_000).toISOString();
    expect(first).toMatchObject({
      statusCode: 200,
      json: { id, object: 'customer', status: 'deleted', updated_at: at },
    });
    expect(found(wordsOf(zoe), first)).toEqual([]);
    // The same process, still warm.
    for (const reply of await asked(fixture, id, method.id)) expect(reply).toMatchObject(gone);
    expect((await fixture.customers(listCustomers, {})).json.data).toEqual([]);
    const before = [fixture.items('subjects'), fixture.items('subject_keys')];
    fixture.advance(1_000);
    expect((await fixture.customers(deleteCustomer, { params })).body).toBe(first.body);
    expect([fixture.items('subjects'), fixture.items('subject_keys')]).toEqual(before);
  });

  it('leaves a row that tells nothing, and a key that is none', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    expect(unmarshall(fixture.row('subjects', id, 'subject'))).toMatchObject({
      status: 'deleted',
      email_digest: null,
      person: null,
      original_response: null,
      payment_methods: [],
    });
    const row = fixture.row('subjects', id, 'subject');
    expect([row.list_pk, row.lookup_pk]).toEqual([undefined, undefined]);
    expect(unmarshall(fixture.row('subject_keys', id, 'key'))).toMatchObject({
      wrapped: null,
      destroyed_at: new Date(startMs).toISOString(),
    });
  });

  it('is 410 to a repeat of what created it, whatever that sends, and creates nobody anew', async () => {
    const fixture = openCustomersFixture();
    const sent = { key: 'once', body: zoe };
    const { json } = await fixture.customers(createCustomer, sent);
    const saved = { key: 'method', params: { customer_id: json.id }, body: visa };
    await fixture.customers(savePaymentMethod, saved);
    await fixture.customers(deleteCustomer, { params: { customer_id: json.id } });
    for (const body of [zoe, { ...zoe, name: 'Other' }]) {
      const again = await fixture.customers(createCustomer, { ...sent, body });
      expect(again).toMatchObject(gone);
      expect(found(wordsOf(zoe), again)).toEqual([]);
    }
    expect(await fixture.customers(savePaymentMethod, saved)).toMatchObject(gone);
    expect(await fixture.customers(getCustomer, { params: { customer_id: json.id } })).toMatchObject(gone);
  });

  it('stays deleted whichever of a change and a deletion commits first', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const params = { customer_id: id };
    fixture.before(
      ({ operation, input }) => operation === 'PutItem' && (input as { TableName: string }).TableName === 'subjects',
      () => fixture.customers(deleteCustomer, { params }),
    );
    expect(await fixture.customers(updateCustomer, { params, body: { name: 'Late' } })).toMatchObject(gone);
    expect(unmarshall(fixture.row('subjects', id, 'subject'))).toMatchObject({ status: 'deleted', person: null });

    const next = await fixture.create();
    const of = { customer_id: next.id };
    fixture.before(
      ({ operation }) => operation === 'TransactWriteItems',
      () => fixture.customers(updateCustomer, { params: of, body: { name: 'Early' } }),
    );
    expect(await fixture.customers(deleteCustomer, { params: of })).toMatchObject({ statusCode: 200 });
    expect(await fixture.customers(getCustomer, { params: of })).toMatchObject(gone);
    await fixture.relayAll();
    const { data } = (await fixture.reads(listEvents, {})).json;
    const ofNext = data.filter(({ aggregate_id }: { aggregate_id: string }) => aggregate_id === next.id);
    expect(ofNext.map(({ sequence }: { sequence: number }) => sequence).sort()).toEqual([1, 2, 3]);
  });

  it('is told of once, however many delete it at the same moment', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const deletions = Array.from({ length: 5 }, () =>
      fixture.customers(deleteCustomer, { params: { customer_id: id } }),
    );
    const replies = await Promise.all(deletions);
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    await fixture.relayAll();
    const { data } = (await fixture.reads(listEvents, {})).json;
    expect(data.filter(({ type }: { type: string }) => type === 'customer.deleted')).toHaveLength(1);
  });

  it('changes nothing of two changes at once but what each sent', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const params = { customer_id: id };
    await Promise.all([
      fixture.customers(updateCustomer, { params, body: { name: 'Mia' } }),
      fixture.customers(updateCustomer, { params, body: { phone: null } }),
    ]);
    const { json } = await fixture.customers(getCustomer, { params });
    expect(json).toMatchObject({ ...zoe, name: 'Mia', phone: null });
  });
});

/** Every sealed value of an item: what its field is called, and its bytes. */
function* sealedIn(value: unknown, name = ''): Generator<[string, Uint8Array]> {
  if (value instanceof Uint8Array) yield [name, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [field, each] of Object.entries(value)) yield* sealedIn(each, field);
  }
}

describe('[DSR-2] a restored copy', () => {
  it('of every table but the subjects’ keys brings nothing personal back', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const method = await fixture.save(id);
    await fixture.relayAll();
    const backup = (Object.keys(tables) as TableName[])
      .filter((name) => name !== 'subject_keys')
      .flatMap((name) => fixture.items(name).map((item): [TableName, Item] => [name, structuredClone(item)]));
    await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    for (const [name, item] of backup) fixture.put(name, item);
    fixture.restart();

    // The row says that it is active; its key is what counts.
    expect(unmarshall(fixture.row('subjects', id, 'subject')).status).toBe('active');
    for (const reply of await asked(fixture, id, method.id)) expect(reply).toMatchObject(gone);
    const lists = [
      await fixture.customers(listCustomers, {}),
      await fixture.customers(listCustomers, { query: { email: zoe.email } }),
    ];
    for (const list of lists) expect(list).toMatchObject({ statusCode: 200, json: { data: [], has_more: false } });

    // Whoever has all keys that are left, and tries each place that there is, reads nothing.
    const pii = keyring(fixture.platform, 'pii', dataKeys(fixture.platform));
    const tenant = keyring(fixture.platform, 'tenant', dataKeys(fixture.platform));
    const subjects = subjectKeys(fixture.platform, pii);
    const { tenant: owner } = unmarshall(fixture.row('subjects', id, 'subject'));
    const another = (await subjects.make({ tenant: owner, mode: 'test', id })).key;
    const sealed = fixture.items('subjects').flatMap((item) => {
      const row = unmarshall(item);
      const { fact: _, ...own } = row;
      return [...sealedIn(own)].map(([field, bytes]) => ({ field, item: String(row.id), bytes }));
    });
    expect(sealed.map(({ field }) => field).sort()).toEqual([
      'details',
      'original_response',
      'original_response',
      'person',
    ]);
    for (const { field, item, bytes } of sealed) {
      const context = { purpose: field, table: 'subjects', item, field };
      expect(() => another.open(bytes, context)).toThrow(DecryptionError);
      for (const ring of [pii, tenant]) {
        const opening = ring.open(bytes, { ...context, tenant: owner, mode: 'test' });
        await expect(opening).rejects.toMatchObject({ reason: 'malformed' });
      }
    }
    expect(found([...wordsOf(zoe), visa.token], fixture.everything())).toEqual([]);

    // Deleting again clears what was brought back, and stays a deletion.
    expect(await fixture.customers(deleteCustomer, { params: { customer_id: id } })).toMatchObject({ statusCode: 200 });
    expect(unmarshall(fixture.row('subjects', id, 'subject'))).toMatchObject({ status: 'deleted', person: null });
  });

  it('of the keys opens nothing of a customer whose deletion stands', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const backup = fixture.row('subject_keys', id, 'key');
    await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    fixture.put('subject_keys', backup);
    expect(await fixture.customers(getCustomer, { params: { customer_id: id } })).toMatchObject(gone);
    // Erased again, without being told of again.
    expect(await fixture.customers(deleteCustomer, { params: { customer_id: id } })).toMatchObject({ statusCode: 200 });
    expect(unmarshall(fixture.row('subject_keys', id, 'key')).wrapped).toBeNull();
    await fixture.relayAll();
    const { data } = (await fixture.reads(listEvents, {})).json;
    expect(data.filter(({ type }: { type: string }) => type === 'customer.deleted')).toHaveLength(1);
  });
});

describe('[ENC-3] rows that were tampered with', () => {
  const failed = { statusCode: 500, json: { code: 'internal_error' } };
  const get = (fixture: CustomersFixture, id: string, more = {}) =>
    fixture.customers(getCustomer, { params: { customer_id: id }, ...more });

  it.each(['person', 'original_response'] as const)(
    'do not open where %s is another customer’s, or altered',
    async (field) => {
      const fixture = openCustomersFixture();
      const sent = { key: 'once', body: zoe };
      const one = (await fixture.customers(createCustomer, sent)).json;
      const two = await fixture.create({ name: 'Mia' });
      const theirs = await fixture.create({ name: 'Ida' }, { authorizer: other });
      const own = fixture.row('subjects', one.id, 'subject');
      const bytes = own[field]?.B ?? new Uint8Array();
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));
      const swaps: (Uint8Array | undefined)[] = [
        fixture.row('subjects', two.id, 'subject')[field]?.B,
        fixture.row('subjects', theirs.id, 'subject')[field]?.B,
        own[field === 'person' ? 'original_response' : 'person']?.B,
        flipped,
        bytes.subarray(0, 20),
        new Uint8Array(),
      ];
      for (const B of swaps) {
        fixture.put('subjects', { ...own, [field]: { B: B as Uint8Array } });
        const reply = field === 'person' ? await get(fixture, one.id) : await fixture.customers(createCustomer, sent);
        expect(reply).toMatchObject(failed);
        expect(found([...wordsOf(zoe), 'Mia', 'Ida'], reply)).toEqual([]);
      }
      fixture.put('subjects', own);
      expect((await get(fixture, one.id)).json).toEqual(one);
    },
  );

  it('hold each envelope in its own field: no other field of the same row opens it, with the very key', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const { tenant, person, original_response } = unmarshall(fixture.row('subjects', id, 'subject'));
    const { wrapped } = unmarshall(fixture.row('subject_keys', id, 'key'));
    const subjects = subjectKeys(fixture.platform, keyring(fixture.platform, 'pii', dataKeys(fixture.platform)));
    const key = await subjects.unwrap(wrapped, { tenant, mode: 'test', id });
    const contextOf = (field: string) => ({ purpose: field, table: 'subjects', item: id, field });
    expect(JSON.parse(key.open(person, contextOf('person')))).toEqual(zoe);
    expect(() => key.open(person, contextOf('original_response'))).toThrow('not_authentic');
    expect(() => key.open(original_response, contextOf('person'))).toThrow('not_authentic');
  });

  it('do not open where the details are another method’s, or another customer’s', async () => {
    const fixture = openCustomersFixture();
    const [one, two] = [await fixture.create(), await fixture.create()];
    const [a, b, c] = [await fixture.save(one.id), await fixture.save(one.id), await fixture.save(two.id)];
    const own = fixture.row('subjects', one.id, a.id);
    for (const [customer, method] of [
      [one.id, b.id],
      [two.id, c.id],
    ] as const) {
      fixture.put('subjects', { ...own, details: fixture.row('subjects', customer, method).details as never });
      const params = { customer_id: one.id, payment_method_id: a.id };
      expect(await fixture.customers(getPaymentMethod, { params })).toMatchObject(failed);
    }
  });

  it('do not open under another subject’s key, and a key that is lost is no erasure', async () => {
    const fixture = openCustomersFixture();
    const [one, two] = [await fixture.create(), await fixture.create()];
    const theirs = await fixture.create(zoe, { authorizer: other });
    const live = await fixture.create(zoe, { authorizer: { ...other, mode: 'live' } });
    const own = fixture.row('subject_keys', one.id, 'key');
    for (const { id } of [two, theirs, live]) {
      fixture.put('subject_keys', { ...own, wrapped: fixture.row('subject_keys', id, 'key').wrapped as never });
      expect(await get(fixture, one.id)).toMatchObject(failed);
      // The whole row, with only its place changed.
      const { pk, sk } = own;
      fixture.put('subject_keys', { ...fixture.row('subject_keys', id, 'key'), pk: pk as never, sk: sk as never });
      expect(await get(fixture, one.id)).toMatchObject(failed);
    }
    // Customer and key together, moved under another's id.
    const moved = {
      ...fixture.row('subjects', one.id, 'subject'),
      person: fixture.row('subjects', two.id, 'subject').person,
    };
    fixture.put('subjects', moved as Item);
    fixture.put('subject_keys', { ...own, wrapped: fixture.row('subject_keys', two.id, 'key').wrapped as never });
    expect(await get(fixture, one.id)).toMatchObject(failed);
    fixture.remove('subject_keys', own);
    expect(await get(fixture, one.id)).toMatchObject(failed);
    expect(JSON.stringify(fixture.lines.at(-1))).toContain('an envelope does not open: key_gone');
    fixture.put('subjects', { ...fixture.row('subjects', two.id, 'subject') });
    expect(await get(fixture, two.id)).toMatchObject({ statusCode: 200 });
  });

  it('that lack what is sealed, though nobody erased them, are a defect', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    fixture.put('subjects', { ...fixture.row('subjects', id, 'subject'), person: { NULL: true } });
    expect(await get(fixture, id)).toMatchObject(failed);
    expect(JSON.stringify(fixture.lines.at(-1))).toContain('an active customer lacks what is sealed of it');
  });

  it('are not found where there are none', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    fixture.remove('subjects', fixture.row('subjects', id, 'subject'));
    expect(await get(fixture, id)).toMatchObject({ statusCode: 404, json: { code: 'customer_not_found' } });
  });

  it('do not become another tenant’s by saying so', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const tenant = { S: other.tenant };
    fixture.put('subjects', { ...fixture.row('subjects', id, 'subject'), tenant });
    fixture.put('subject_keys', { ...fixture.row('subject_keys', id, 'key'), tenant });
    expect(await get(fixture, id, { authorizer: other })).toMatchObject(failed);
    expect(await get(fixture, id)).toMatchObject({ statusCode: 404 });
  });
});

describe('the decision to erase', () => {
  const now = new Date(startMs).toISOString();

  it('[DSR-2] destroys what is there, tells of what was active, and is made once', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const customer = unmarshall(fixture.row('subjects', id, 'subject')) as never;
    const key = unmarshall(fixture.row('subject_keys', id, 'key')) as never;
    const { table } = customerRow;
    expect([table, subjectKeyRow.table]).toEqual(['subjects', 'subject_keys']);
    const erased = eraseSubject(customer, key, now);
    expect(erased).toMatchObject({
      fact: 'customer.deleted',
      next: {
        customer: { status: 'deleted', person: null, original_response: null },
        key: { wrapped: null, destroyed_at: now },
      },
    });
    if (erased === null) throw new Error('nothing was erased');
    expect(eraseSubject(erased.next.customer, erased.next.key, 'later')).toBeNull();
    // What a restored table brings back is erased again; what stands of the erasure stays as it is.
    expect(eraseSubject(erased.next.customer, key, 'later')).toMatchObject({
      fact: null,
      next: { customer: { updated_at: now }, key: { id: `key#${id}`, wrapped: null } },
    });
    expect([isErased(customer, undefined), isErased(erased.next.customer, undefined)]).toEqual([false, true]);
    expect(eraseSubject(customer, erased.next.key, 'later')?.next.key).toEqual(erased.next.key);
    expect(eraseSubject(customer, undefined, now)?.next.key).toEqual({
      ...subjectKey(customer, null),
      destroyed_at: now,
    });
  });
});
