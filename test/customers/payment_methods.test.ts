// Saved payment methods: a token that is never shown again, and of its card no more than may be.

import { describe, expect, it } from 'vitest';
import { customerLimits as limits } from '../../contract/customers/limits.ts';
import {
  deleteCustomer,
  getCustomer,
  getPaymentMethod,
  listPaymentMethods,
  removePaymentMethod,
  savePaymentMethod,
} from '../../contract/customers/operations.ts';
import { type CustomersFixture, found, openCustomersFixture, visa } from './customers_fixture.ts';

const peculiar = { ...visa, token: 'pm_quite_peculiar_token' };
const ofMethod = (customer: string, method: string) => ({
  params: { customer_id: customer, payment_method_id: method },
});
const listed = async (fixture: CustomersFixture, customer: string, query: Record<string, string> = {}) =>
  (await fixture.customers(listPaymentMethods, { params: { customer_id: customer }, query })).json;

describe('a saved payment method', () => {
  it('is saved, read, listed and removed, and its token is in no reply', async () => {
    const fixture = openCustomersFixture();
    const { id: customer } = await fixture.create();
    const made = await fixture.save(customer, peculiar);
    expect(made).toEqual({
      id: expect.stringMatching(/^pmt_us_/),
      object: 'payment_method',
      mode: 'test',
      customer,
      connection: null,
      card: visa.card,
      usage: null,
      created_at: expect.any(String),
    });
    const one = ofMethod(customer, made.id);
    expect((await fixture.customers(getPaymentMethod, one)).json).toEqual(made);
    expect((await listed(fixture, customer)).data).toEqual([made]);
    expect(found([peculiar.token], [made, await listed(fixture, customer)])).toEqual([]);
    const removed = await fixture.customers(removePaymentMethod, one);
    const { card: _, connection: __, usage: ___, ...bare } = made;
    expect(removed).toMatchObject({ statusCode: 200, json: bare });
    expect(fixture.row('subjects', customer, made.id).details).toEqual({ NULL: true });
    expect(await fixture.customers(getPaymentMethod, one)).toMatchObject({
      statusCode: 404,
      json: { code: 'payment_method_not_found' },
    });
    expect((await listed(fixture, customer)).data).toEqual([]);
    const before = fixture.row('subjects', customer, made.id);
    expect(await fixture.customers(removePaymentMethod, one)).toMatchObject({ statusCode: 200, json: bare });
    expect(fixture.row('subjects', customer, made.id)).toEqual(before);
  });

  it.each([
    [{ token: 'pm_4242424242424242' }, 'card_data_not_accepted'],
    [{ token: 'pm_test_visa', card: { ...visa.card, number: 'x' } }, 'request_invalid'],
    [{ token: 'pm_test_visa', card: { ...visa.card, cvc: '123' } }, 'request_invalid'],
    [{ token: 'pm_test_visa', card: { ...visa.card, last4: '42424' } }, 'request_invalid'],
    [{ token: 'pm_test_visa', card: { ...visa.card, holder: 'Zoë' } }, 'request_invalid'],
    [{ token: 'pm_test_visa', card: { ...visa.card, exp_month: 13 } }, 'request_invalid'],
    [{ token: 'pm_test_visa', card: { ...visa.card, exp_year: 1999 } }, 'request_invalid'],
    [{ token: 'pm_test_visa', iban: 'DE02120300000000202051' }, 'bank_account_not_accepted'],
    [{ token: 'pm_test_visa', bank_account: { routing_number: '110000000' } }, 'request_invalid'],
    [{ token: 'pmt_us_aaaaaaaaaaaaaaaaaaaaaaaaaa' }, 'request_invalid'],
    [{ card: visa.card }, 'request_invalid'],
  ])('[PCI-1] [PCI-3] is refused where it is %j', async (body, code) => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const reply = await fixture.customers(savePaymentMethod, { key: 'bad', params: { customer_id: id }, body });
    expect(reply).toMatchObject({ statusCode: 400, json: { code } });
    expect(fixture.items('subjects')).toHaveLength(1);
  });

  it('is one of a bounded number, also where all are saved at once; removed ones do not count', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const save = () =>
      fixture.customers(savePaymentMethod, { key: fixture.nextKey(), params: { customer_id: id }, body: visa });
    for (let number = 0; number < limits.paymentMethods - 1; number += 1) await fixture.save(id);
    const codes = (await Promise.all([save(), save(), save()])).map(({ statusCode }) => statusCode).sort();
    expect(codes).toEqual([201, 409, 409]);
    const { data } = await listed(fixture, id);
    expect(data).toHaveLength(limits.paymentMethods);
    await fixture.customers(removePaymentMethod, ofMethod(id, data[0].id));
    expect(await save()).toMatchObject({ statusCode: 201 });
  });

  it('[PAY-1] is saved once for each key, however often it is asked for, and a repeat outlives its removal', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const sent = { key: 'once', params: { customer_id: id }, body: peculiar };
    const replies = await Promise.all(Array.from({ length: 4 }, () => fixture.customers(savePaymentMethod, sent)));
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    expect((await listed(fixture, id)).data).toHaveLength(1);
    await fixture.customers(removePaymentMethod, ofMethod(id, replies[0]?.json.id));
    const again = await fixture.customers(savePaymentMethod, sent);
    expect(again).toMatchObject({
      statusCode: 201,
      body: replies[0]?.body,
      headers: { 'Idempotent-Replayed': 'true' },
    });
    const otherBody = { ...sent, body: { ...peculiar, token: 'pm_test_declined' } };
    expect(await fixture.customers(savePaymentMethod, otherBody)).toMatchObject({ statusCode: 422 });
    expect((await listed(fixture, id)).data).toEqual([]);
  });

  it('is listed newest first, in pages of any size', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      fixture.advance(1_000);
      made.unshift((await fixture.save(id)).id);
    }
    const ids = ({ data }: { readonly data: readonly { readonly id: string }[] }) => data.map((each) => each.id);
    const first = await listed(fixture, id, { limit: '3' });
    expect([ids(first), first.has_more]).toEqual([made.slice(0, 3), true]);
    const second = await listed(fixture, id, { limit: '3', cursor: first.next_cursor });
    expect([ids(second), second.has_more]).toEqual([made.slice(3), false]);
    const { id: another } = await fixture.create();
    expect(await listed(fixture, another, { cursor: first.next_cursor })).toMatchObject({ code: 'cursor_invalid' });
  });

  it('is another customer’s no more than another tenant’s', async () => {
    const fixture = openCustomersFixture();
    const [one, two] = [await fixture.create(), await fixture.create()];
    const { id } = await fixture.save(one.id);
    for (const operation of [getPaymentMethod, removePaymentMethod]) {
      const reply = await fixture.customers(operation, ofMethod(two.id, id));
      expect(reply).toMatchObject({ statusCode: 404, json: { code: 'payment_method_not_found' } });
    }
    expect((await listed(fixture, two.id)).data).toEqual([]);
  });

  it('[DSR-2] goes with its customer, whichever of the two commits first', async () => {
    const fixture = openCustomersFixture();
    const { id } = await fixture.create();
    const params = { customer_id: id };
    const writes = ({ operation }: { readonly operation: string }) => operation === 'TransactWriteItems';
    fixture.before(writes, () => fixture.customers(deleteCustomer, { params }));
    const saved = await fixture.customers(savePaymentMethod, { key: 'late', params, body: visa });
    expect(saved).toMatchObject({ statusCode: 410, json: { code: 'customer_deleted' } });
    expect(fixture.items('subjects')).toHaveLength(1);

    const next = await fixture.create();
    const of = { customer_id: next.id };
    fixture.before(writes, () => fixture.save(next.id));
    expect(await fixture.customers(deleteCustomer, { params: of })).toMatchObject({ statusCode: 200 });
    expect(await fixture.customers(getCustomer, { params: of })).toMatchObject({ statusCode: 410 });
    expect(await fixture.customers(listPaymentMethods, { params: of })).toMatchObject({ statusCode: 410 });
    expect(fixture.row('subjects', next.id, 'subject').payment_methods).toEqual({ L: [] });
  });
});
