// Customers: kept for their own tenant and mode alone, told of without anything personal, found by their exact address.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../contract/audit/operations.ts';
import { Customer } from '../../contract/customers/customer.ts';
import { customerLimits } from '../../contract/customers/limits.ts';
import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  getPaymentMethod,
  listCustomers,
  listPaymentMethods,
  savePaymentMethod,
  updateCustomer,
} from '../../contract/customers/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import { personOf, updatePerson } from '../../lambdas/customers/domain/customer.ts';
import { digests } from '../../lambdas/kernel/crypto/digest.ts';
import { platformSecret } from '../../lambdas/kernel/crypto/platform_secrets.ts';
import { merchant, other } from '../kit/requests.ts';
import { found, openCustomersFixture, startMs, visa, wordsOf, zoe } from './customers_fixture.ts';

const live = { ...merchant, mode: 'live' };
const at = (ms: number): string => new Date(ms).toISOString();
const ids = ({ json }: { readonly json: { readonly data: readonly { readonly id: string }[] } }) =>
  json.data.map(({ id }) => id);

describe('a customer', () => {
  it('is created, read, changed and listed', async () => {
    const fixture = openCustomersFixture();
    const made = await fixture.create();
    expect(parse(Customer, made)).toEqual({
      id: expect.stringMatching(/^cus_us_/),
      object: 'customer',
      mode: 'test',
      ...zoe,
      created_at: at(startMs),
      updated_at: at(startMs),
    });
    const params = { customer_id: made.id };
    expect((await fixture.customers(getCustomer, { params })).json).toEqual(made);
    fixture.advance(1_000);
    const body = { name: null, phone: '+442079460018', address: { country: 'GB' }, metadata: { a: 'b' } };
    const changed = await fixture.customers(updateCustomer, { params, body });
    const address = { line1: null, line2: null, city: null, state: null, postal_code: null, country: 'GB' };
    expect(changed.json).toEqual({ ...made, ...body, address, updated_at: at(startMs + 1_000) });
    expect((await fixture.customers(getCustomer, { params })).json).toEqual(changed.json);
    expect((await fixture.customers(listCustomers, {})).json).toEqual({
      object: 'list',
      data: [changed.json],
      has_more: false,
      next_cursor: null,
    });
  });

  it('needs nothing to be told, and loses what is removed', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const gone = { name: null, email: null, phone: null, address: null, description: null, metadata: {} };
    const { json } = await fixture.customers(updateCustomer, { params: { customer_id: id }, body: gone });
    expect(json).toMatchObject(gone);
    expect(await fixture.create({})).toMatchObject(gone);
    expect(ids(await fixture.customers(listCustomers, { query: { email: zoe.email } }))).toEqual([]);
  });

  it('does not change where nothing is sent that differs', async () => {
    const fixture = openCustomersFixture();
    const made = await fixture.create();
    const before = fixture.row('subjects', made.id, 'subject');
    fixture.advance(1_000);
    for (const body of [{}, { name: zoe.name }, { address: zoe.address, metadata: zoe.metadata }]) {
      expect((await fixture.customers(updateCustomer, { params: { customer_id: made.id }, body })).json).toEqual(made);
    }
    expect(fixture.row('subjects', made.id, 'subject')).toEqual(before);
    expect(updatePerson(personOf(zoe), { name: undefined })).toBeNull();
  });

  it('is not there for another tenant or mode, whatever they ask', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const method = await fixture.save(id);
    const before = [fixture.items('subjects'), fixture.items('subject_keys')];
    for (const authorizer of [other, live]) {
      const params = { customer_id: id, payment_method_id: method.id };
      const asked = [
        fixture.customers(getCustomer, { params, authorizer }),
        fixture.customers(updateCustomer, { params, authorizer, body: { name: 'x' } }),
        fixture.customers(deleteCustomer, { params, authorizer }),
        fixture.customers(savePaymentMethod, { params, authorizer, body: visa, key: 'theirs' }),
        fixture.customers(listPaymentMethods, { params, authorizer }),
        fixture.customers(getPaymentMethod, { params, authorizer }),
      ];
      for (const reply of await Promise.all(asked)) {
        expect(reply).toMatchObject({ statusCode: 404, json: { code: 'customer_not_found' } });
      }
      expect(ids(await fixture.customers(listCustomers, { authorizer }))).toEqual([]);
      expect(ids(await fixture.customers(listCustomers, { authorizer, query: { email: zoe.email } }))).toEqual([]);
    }
    expect([fixture.items('subjects'), fixture.items('subject_keys')]).toEqual(before);
    expect((await fixture.customers(getCustomer, { params: { customer_id: id } })).json).toMatchObject(zoe);
    // Deleted, it is still nobody else's to know of.
    await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    for (const authorizer of [other, live]) {
      const reply = await fixture.customers(getCustomer, { params: { customer_id: id }, authorizer });
      expect(reply).toMatchObject({ statusCode: 404 });
    }
  });

  it.each([
    [{ email: 'zoe' }, '/email'],
    [{ email: 'zoe@localhost' }, '/email'],
    [{ email: 'zoe @x.example' }, '/email'],
    [{ email: 'a@b@x.example' }, '/email'],
    [{ email: `${'a'.repeat(65)}@x.example` }, '/email'],
    [{ email: `a@${'b.'.repeat(130)}example` }, '/email'],
    [{ phone: '0151 23456701' }, '/phone'],
    [{ phone: '+0151234567' }, '/phone'],
    [{ phone: '+12345' }, '/phone'],
    [{ address: { country: 'XX' } }, '/address/country'],
    [{ address: { country: 'at' } }, '/address/country'],
    [{ address: { street: 'x' } }, '/address/street'],
    [{ name: 'x'.repeat(customerLimits.nameChars + 1) }, '/name'],
    [{ metadata: null }, '/metadata'],
    [{ iban: 'sealed' }, '/iban'],
    [{ bank_account: { routing_number: '110000000' } }, '/bank_account'],
  ])('[PCI-3] refuses %j', async (body, pointer) => {
    const fixture = openCustomersFixture();
    const reply = await fixture.customers(createCustomer, { key: 'bad', body });
    expect(reply).toMatchObject({ statusCode: 400, json: { code: 'request_invalid' } });
    expect(reply.json.errors[0].pointer).toBe(pointer);
    expect(fixture.items('subjects')).toEqual([]);
  });

  it.each([
    { iban: 'DE02120300000000202051' },
    { bank_account: { iban: 'DE02 1203 0000 0000 2020 51' } },
    { name: 'Zoë, DE02120300000000202051' },
    { metadata: { note: 'DE02-1203-0000-0000-2020-51' } },
  ])('[PCI-3] refuses the bank account in %j', async (body) => {
    const fixture = openCustomersFixture();
    const reply = await fixture.customers(createCustomer, { key: 'bad', body });
    expect(reply).toMatchObject({ statusCode: 400, json: { code: 'bank_account_not_accepted' } });
    expect(fixture.items('subjects')).toEqual([]);
  });

  it.each(['zoe+shop@x.example', "o'neill@x-y.example", '用户@例子.公司', 'z@ä.example'])(
    'has the e-mail address %s',
    async (email) => {
      const fixture = openCustomersFixture();
      expect(await fixture.create({ email })).toMatchObject({ email });
    },
  );

  it('[PCI-1] holds no card number, wherever one is sent', async () => {
    const fixture = openCustomersFixture();
    const card = '4242 4242 4242 4242';
    for (const body of [
      { name: card },
      { description: `card ${card}` },
      { metadata: { card } },
      { address: { line1: card } },
    ]) {
      const reply = await fixture.customers(createCustomer, { key: fixture.nextKey(), body });
      expect(reply).toMatchObject({ statusCode: 400, json: { code: 'card_data_not_accepted' } });
    }
    expect(fixture.items('subjects')).toEqual([]);
  });
});

describe('[PAY-1] a repeat', () => {
  it('gets the first reply byte for byte, whatever has changed since; another body does not', async () => {
    const fixture = openCustomersFixture();
    const sent = { key: 'once', body: zoe };
    const first = await fixture.customers(createCustomer, sent);
    await fixture.customers(updateCustomer, { params: { customer_id: first.json.id }, body: { name: 'Other' } });
    fixture.restart();
    const again = await fixture.customers(createCustomer, sent);
    expect(again).toMatchObject({ statusCode: 201, body: first.body, headers: { 'Idempotent-Replayed': 'true' } });
    const reply = await fixture.customers(createCustomer, { key: 'once', body: { ...zoe, name: 'Other' } });
    expect(reply).toMatchObject({ statusCode: 422, json: { code: 'idempotency_mismatch' } });
    expect(fixture.items('subjects')).toHaveLength(1);
    expect(fixture.items('subject_keys')).toHaveLength(1);
  });

  it('at the same moment makes one customer with one key', async () => {
    const fixture = openCustomersFixture();
    const sent = { key: 'once', body: zoe };
    const replies = await Promise.all(Array.from({ length: 8 }, () => fixture.customers(createCustomer, sent)));
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(201));
    expect(fixture.items('subjects')).toHaveLength(1);
    expect(fixture.items('subject_keys')).toHaveLength(1);
    const { json } = await fixture.customers(getCustomer, { params: { customer_id: replies[0]?.json.id } });
    expect(json).toEqual(replies[0]?.json);
  });
});

describe('a list', () => {
  it('goes through all customers of any page size, newest first, each once', async () => {
    const fixture = openCustomersFixture();
    const made: string[] = [];
    for (let number = 0; number < 9; number += 1) {
      fixture.advance(1_000);
      made.unshift((await fixture.create({ name: `Number ${number}` })).id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < 9; pages += 1) {
      const query: Record<string, string> = { limit: '4', ...(cursor !== null && { cursor }) };
      const page = await fixture.customers(listCustomers, { query });
      seen.push(...ids(page));
      cursor = page.json.next_cursor;
      if (!page.json.has_more) break;
    }
    expect(seen).toEqual(made);
  });

  it('goes on behind customers that may not be shown', async () => {
    const fixture = openCustomersFixture();
    const made: string[] = [];
    for (let number = 0; number < 6; number += 1) {
      fixture.advance(1_000);
      made.push((await fixture.create({ name: `Number ${number}` })).id);
    }
    // Their rows are as a restored table has them; their keys are destroyed.
    const restored = made.slice(1).map((id) => fixture.row('subjects', id, 'subject'));
    for (const id of made.slice(1)) await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    for (const item of restored) fixture.put('subjects', item);
    const first = await fixture.customers(listCustomers, { query: { limit: '3' } });
    expect(first.json).toMatchObject({ data: [], has_more: true });
    const query = { limit: '3', cursor: first.json.next_cursor };
    expect(ids(await fixture.customers(listCustomers, { query }))).toEqual(made.slice(0, 1));
  });

  it('costs no call to KMS once it is warm', async () => {
    const fixture = openCustomersFixture();
    for (let number = 0; number < 60; number += 1) await fixture.create({ name: `Number ${number}` });
    await fixture.customers(listCustomers, { query: { limit: '100' } });
    fixture.calls.length = 0;
    expect(ids(await fixture.customers(listCustomers, { query: { limit: '100' } }))).toHaveLength(60);
    expect(fixture.calls.filter(({ service }) => service === 'kms')).toEqual([]);
    expect(fixture.calls.filter(({ operation }) => operation === 'BatchGetItem')).toHaveLength(2);
  });
});

describe('an e-mail address', () => {
  it('[ENC-3] lies in the row as a keyed digest of purpose, tenant, mode and its one form, and as nothing else', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const { tenant, mode } = unmarshall(fixture.row('subjects', id, 'subject'));
    const expected = digests(platformSecret(fixture.platform, 'digests')).of([
      'customer_email',
      tenant,
      mode,
      zoe.email.toLowerCase(),
    ]);
    expect(fixture.row('subjects', id, 'subject').email_digest?.S).toBe(await expected);
  });

  it('finds exactly those who have it, in any capitals, newest first', async () => {
    const fixture = openCustomersFixture();
    const made: string[] = [];
    for (const email of ['Zoe@x.example', 'zoe@x.example', 'zoey@x.example', 'zoe@x.example.net', 'zo@x.example']) {
      fixture.advance(1_000);
      made.push((await fixture.create({ email })).id);
    }
    await fixture.create({ name: 'zoe@x.example' });
    const find = (email: string, more = {}) => fixture.customers(listCustomers, { query: { email, ...more } });
    expect(ids(await find('ZOE@X.example'))).toEqual([made[1], made[0]]);
    expect(ids(await find('zoe@x.example.net'))).toEqual([made[3]]);
    const accented = await fixture.create({ email: 'zo\u00eb@x.example' });
    expect(ids(await find('Zoe\u0308@x.example'))).toEqual([accented.id]);
    expect(ids(await find('oe@x.example'))).toEqual([]);
    // Mailboxes of two people, which only capitals would make one.
    const sharp = await fixture.create({ email: 'wei\u00df@x.example' });
    expect(ids(await find('weiss@x.example'))).toEqual([]);
    expect(ids(await find('WEI\u00df@x.example'))).toEqual([sharp.id]);
    const page = await find('zoe@x.example', { limit: '1' });
    expect(ids(page)).toEqual([made[1]]);
    expect(ids(await find('zoe@x.example', { limit: '1', cursor: page.json.next_cursor }))).toEqual([made[0]]);
    // A cursor belongs to the list that it came from.
    expect(await find('zoey@x.example', { cursor: page.json.next_cursor })).toMatchObject({ statusCode: 400 });
    expect(await fixture.customers(listCustomers, { query: { cursor: page.json.next_cursor } })).toMatchObject({
      statusCode: 400,
    });
    expect(await find('zoe@')).toMatchObject({ statusCode: 400 });
  });

  it('finds nobody by an address that they had before, nor whoever was deleted', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create({ email: 'before@x.example' });
    const stale = fixture.row('subjects', id, 'subject');
    await fixture.customers(updateCustomer, { params: { customer_id: id }, body: { email: 'after@x.example' } });
    const find = async (email: string) => ids(await fixture.customers(listCustomers, { query: { email } }));
    expect([await find('before@x.example'), await find('after@x.example')]).toEqual([[], [id]]);
    // As an index that lags behind its table would have it.
    fixture.put('subjects', { ...fixture.row('subjects', id, 'subject'), lookup_pk: stale.lookup_pk as never });
    expect(await find('before@x.example')).toEqual([]);
    await fixture.customers(deleteCustomer, { params: { customer_id: id } });
    expect(await find('after@x.example')).toEqual([]);
  });

  it('[ENC-3] gives another digest in each tenant and mode', async () => {
    const fixture = openCustomersFixture();
    await fixture.create();
    for (const authorizer of [other, live]) await fixture.create(zoe, { authorizer });
    const digests = fixture.items('subjects').map(({ email_digest }) => email_digest?.S);
    expect(new Set(digests).size).toBe(3);
  });

  it('is found under every version of the digests’ key', async () => {
    const fixture = openCustomersFixture();
    const before = await fixture.create();
    fixture.rotateDigests('2');
    fixture.restart();
    fixture.advance(1_000);
    const after = await fixture.create();
    const digests = fixture.items('subjects').map(({ email_digest }) => email_digest?.S?.split('.')[0]);
    expect(digests.sort()).toEqual(['1', '2']);
    expect(ids(await fixture.customers(listCustomers, { query: { email: zoe.email } }))).toEqual([after.id, before.id]);
  });
});

describe('[DSR-3] what is told of a customer', () => {
  it('is an event and an entry for each change, in their order, without anything personal', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const params = { customer_id: id };
    fixture.advance(1_000);
    await fixture.customers(updateCustomer, { params, body: { name: 'Other' } });
    fixture.advance(1_000);
    const method = await fixture.save(id);
    fixture.advance(1_000);
    await fixture.customers(deleteCustomer, { params });
    await fixture.relayAll();
    const events = (await fixture.reads(listEvents, {})).json.data;
    expect(events.map(({ type, sequence }: Record<string, unknown>) => [type, sequence])).toEqual([
      ['customer.deleted', 4],
      ['payment_method.saved', 3],
      ['customer.updated', 2],
      ['customer.created', 1],
    ]);
    for (const { aggregate_type, aggregate_id } of events)
      expect([aggregate_type, aggregate_id]).toEqual(['customer', id]);
    const bare = { id, object: 'customer', mode: 'test', created_at: at(startMs), updated_at: at(startMs) };
    expect(events[3].data).toEqual({ ...bare, status: 'active' });
    expect(events[0].data).toEqual({ ...bare, status: 'deleted', updated_at: at(startMs + 3_000) });
    const { card: _, connection: __, usage: ___, ...bareMethod } = method;
    expect(events[1].data).toEqual(bareMethod);
    const { data } = (await fixture.reads(listAuditEntries, { query: { target: id } })).json;
    expect(data.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['customer.created', 'customer.updated', 'customer.deleted']),
    );
  });

  it('[ENC-3] lies in no row, stream image, event, entry, bus entry, message or line in the clear', async () => {
    const fixture = openCustomersFixture();
    const mia = { ...zoe, name: 'Mia Sandgrouse', email: 'mia.sandgrouse@x.example', phone: '+442079460018' };
    const { id } = await fixture.create();
    const params = { customer_id: id };
    await fixture.customers(updateCustomer, { params, body: mia });
    const method = await fixture.save(id, { ...visa, token: 'pm_quite_peculiar_token' });
    await fixture.customers(getCustomer, { params });
    await fixture.customers(listCustomers, { query: { email: mia.email } });
    await fixture.customers(getPaymentMethod, { params: { ...params, payment_method_id: method.id } });
    // Refusals too.
    await fixture.customers(createCustomer, { key: 'key-1', body: mia });
    await fixture.customers(createCustomer, { key: 'bad', body: { ...zoe, country: zoe.address.city } });
    await fixture.relayAll();
    const everything = fixture.everything();
    const words = [...wordsOf(zoe), ...wordsOf(mia), 'pm_quite_peculiar_token', '"last4"'];
    expect(found(words, { name: zoe.name })).toEqual([zoe.name]);
    expect(found(words, everything)).toEqual([]);
    expect(JSON.stringify(everything).length).toBeGreaterThan(20_000);
    const replies = [
      await fixture.customers(createCustomer, { key: 'bad', body: { ...zoe, phone: zoe.name } }),
      await fixture.customers(getPaymentMethod, { params: { ...params, payment_method_id: method.id } }),
      await fixture.customers(listPaymentMethods, { params }),
    ];
    expect(found(['pm_quite_peculiar_token', zoe.name], replies)).toEqual([]);
  });
});
