// Payments of customers: with a saved method as with its token, refused where the customer is not there, readable when the
// customer is gone.

import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { functions, type TableGrant } from '../../contract/capabilities.ts';
import { createConnection } from '../../contract/connections/operations.ts';
import { deleteCustomer, removePaymentMethod } from '../../contract/customers/operations.ts';
import { listEvents } from '../../contract/events/operations.ts';
import { capturePayment, createPayment, getPayment } from '../../contract/payments/operations.ts';
import { routes as connectionRoutes } from '../../lambdas/functions/connections.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import type { MoneyPorts } from '../../lambdas/payments/ports.ts';
import type { Order, ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { caller, other } from '../kit/requests.ts';
import { type CustomersFixture, found, openCustomersFixture, visa } from './customers_fixture.ts';

const peculiar = { ...visa, token: 'pm_quite_peculiar_token' };
const asked = { amount: 1_999, currency: 'EUR' };
const approved: ProviderFact = { kind: 'approved', charge: 'ch_1', captured: true };

/** A till with a processor that remembers what it was told. */
function tillAt(fixture: CustomersFixture, answer: () => ProviderFact = () => approved) {
  const orders: Order[] = [];
  const processor: Processor = {
    name: 'test',
    keyLifetimeMs: 86_400_000,
    accepts: () => true,
    send: async (order) => {
      orders.push(order);
      return answer();
    },
    lookUp: async (order) => {
      orders.push(order);
      return answer();
    },
  };
  const connections: (string | null)[] = [];
  const processorOf: MoneyPorts['processorOf'] = async ({ connection }) => {
    connections.push(connection);
    return processor;
  };
  const pays = fixture.money(processorOf);
  const pay = (body: object, key = fixture.nextKey(), more = {}) =>
    pays(createPayment, { key, body: { ...asked, ...body }, ...more });
  return { orders, connections, pay, pays, processorOf };
}

describe('a payment', () => {
  it('with a saved method is sent with its token, and shows the saved method', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture);
    const { id: customer } = await fixture.create();
    const method = await fixture.save(customer, peculiar);
    const paid = await till.pay({ customer, payment_method: method.id });
    expect(paid).toMatchObject({
      statusCode: 201,
      json: { status: 'captured', customer, payment_method: method.id, connection: null },
    });
    expect(till.orders).toMatchObject([{ kind: 'charge', payment_method: peculiar.token }]);
    await fixture.relayAll();
    const { data } = (await fixture.reads(listEvents, {})).json;
    // Of events of one millisecond none is the newest.
    const events = data.map((event: { readonly data: object }) => event.data);
    expect(events).toContainEqual(expect.objectContaining({ object: 'payment', customer, payment_method: method.id }));
    // Once the charge is answered the token is nowhere but under the customer's key.
    expect(found([peculiar.token], [paid, data, fixture.items('payments'), fixture.items('events')])).toEqual([]);
  });

  it('with a method that is attached at the processor is sent with its customer there, which nobody is shown', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture);
    const { id: customer } = await fixture.create();
    const attached = await fixture.save(customer, { ...peculiar, processor_customer: 'cus_QuitePeculiar' });
    const plain = await fixture.save(customer, peculiar);
    const paid = await till.pay({ customer, payment_method: attached.id });
    await till.pay({ customer, payment_method: plain.id });
    expect(till.orders.map((order) => order.customer)).toEqual(['cus_QuitePeculiar', undefined]);
    expect(found(['cus_QuitePeculiar'], [attached, paid, fixture.items('payments')])).toEqual([]);
  });

  it('names its customer beside any token, and needs none', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture);
    const { id: customer } = await fixture.create();
    expect((await till.pay({ customer, payment_method: 'pm_test_visa' })).json).toMatchObject({ customer });
    fixture.calls.length = 0;
    expect((await till.pay({ payment_method: 'pm_test_visa' })).json).toMatchObject({ customer: null });
    expect(fixture.calls.filter(({ operation }) => operation === 'BatchGetItem')).toEqual([]);
  });

  it('[PAY-1] is refused before anything is stored where customer or method is not the caller’s', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture);
    const [one, two] = [await fixture.create(), await fixture.create()];
    const theirs = await fixture.create({}, { authorizer: other });
    const method = await fixture.save(one.id, peculiar);
    const removed = await fixture.save(one.id, peculiar);
    const params = { customer_id: one.id, payment_method_id: removed.id };
    await fixture.customers(removePaymentMethod, { params });
    const gone = await fixture.create();
    const late = await fixture.save(gone.id);
    await fixture.customers(deleteCustomer, { params: { customer_id: gone.id } });
    const nobody = `cus_us_${'a'.repeat(26)}`;
    const never = `pmt_us_${'a'.repeat(26)}`;
    const alone = { pointer: '/customer', detail: 'Required: a saved payment method is a customer’s' };
    expect((await till.pay({ payment_method: method.id })).json.errors).toEqual([alone]);
    const refusals: [object, number, string][] = [
      [{ payment_method: method.id }, 400, 'request_invalid'],
      [{ customer: nobody, payment_method: 'pm_test_visa' }, 404, 'customer_not_found'],
      [{ customer: theirs.id, payment_method: 'pm_test_visa' }, 404, 'customer_not_found'],
      [{ customer: two.id, payment_method: method.id }, 404, 'payment_method_not_found'],
      [{ customer: one.id, payment_method: removed.id }, 404, 'payment_method_not_found'],
      [{ customer: one.id, payment_method: never }, 404, 'payment_method_not_found'],
      [{ customer: gone.id, payment_method: 'pm_test_visa' }, 410, 'customer_deleted'],
      [{ customer: gone.id, payment_method: late.id }, 410, 'customer_deleted'],
    ];
    for (const [body, status, code] of refusals) {
      expect(await till.pay(body)).toMatchObject({ statusCode: status, json: { code } });
    }
    expect([till.orders, fixture.items('payments')]).toEqual([[], []]);
  });

  it('[ENC-3] reads nothing of its customer but what its function may, and that tells of nobody', async () => {
    const fixture = openCustomersFixture();
    const { id: customer } = await fixture.create();
    const method = await fixture.save(customer);
    fixture.calls.length = 0;
    await tillAt(fixture).pay({ customer, payment_method: method.id });
    const reads = fixture.calls.filter(({ operation }) => operation === 'BatchGetItem');
    const names = reads.map(({ input }) => (input as BatchGetItemCommandInput).RequestItems?.subjects);
    expect(names).toMatchObject([{ ProjectionExpression: '#pk,#sk,#tenant,#mode,#status,#details' }]);
    const grants: readonly TableGrant[] = functions.money.tables;
    const granted = grants.find(({ table }) => table === 'subjects');
    expect(Object.values(names[0]?.ExpressionAttributeNames ?? {})).toEqual(granted?.attributes);
    expect(granted?.attributes).not.toContain('person');
    expect(granted?.attributes).not.toContain('original_response');
  });

  it('[ENC-3] is not made where the saved method does not open', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture);
    const { id: customer } = await fixture.create();
    const [a, b] = [await fixture.save(customer, peculiar), await fixture.save(customer)];
    const own = fixture.row('subjects', customer, a.id);
    fixture.put('subjects', { ...own, details: fixture.row('subjects', customer, b.id).details as never });
    expect(await till.pay({ customer, payment_method: a.id })).toMatchObject({ statusCode: 500 });
    expect([till.orders, fixture.items('payments')]).toEqual([[], []]);
  });

  it('goes through the saved method’s connection, and not against it', async () => {
    const fixture = openCustomersFixture();
    const connecting = caller(serve(portsOf(fixture.platform), connectionRoutes));
    const connect = async () =>
      (await connecting(createConnection, { key: fixture.nextKey(), body: { provider: 'test' } })).json.id;
    const [own, another] = [await connect(), await connect()];
    const till = tillAt(fixture);
    const { id: customer } = await fixture.create();
    const method = await fixture.save(customer, { ...peculiar, connection: own });
    const free = await fixture.save(customer, peculiar);
    const paidThrough = async (body: object) => {
      const { statusCode, json } = await till.pay({ customer, ...body });
      return statusCode === 201 ? json.connection : json.code;
    };
    expect(await paidThrough({ payment_method: method.id })).toBe(own);
    expect(await paidThrough({ payment_method: method.id, connection: own })).toBe(own);
    expect(await paidThrough({ payment_method: method.id, connection: another })).toBe('payment_method_unknown');
    expect((await till.pay({ customer, payment_method: method.id, connection: another })).json.errors).toEqual([
      { pointer: '/connection', detail: expect.stringMatching(/saved for conn_us_/) },
    ]);
    expect(await paidThrough({ payment_method: 'pm_test_visa', connection: own })).toBe(own);
    expect(await paidThrough({ payment_method: free.id, connection: another })).toBe(another);
    expect(await paidThrough({ payment_method: free.id })).toBeNull();
    expect(new Set(till.connections)).toEqual(new Set([own, another, null]));
  });

  it('[DSR-2] stays readable when its customer is deleted, is repeated as it was, and goes on', async () => {
    const fixture = openCustomersFixture();
    const till = tillAt(fixture, () => ({ kind: 'approved', charge: 'ch_1', captured: false }));
    const { id: customer } = await fixture.create();
    const method = await fixture.save(customer, peculiar);
    const body = { customer, payment_method: method.id, capture_method: 'manual' };
    const paid = await till.pay(body, 'order');
    await fixture.customers(deleteCustomer, { params: { customer_id: customer } });
    const params = { payment_id: paid.json.id };
    expect((await fixture.reads(getPayment, { params })).json).toEqual(paid.json);
    expect(await till.pay(body, 'order')).toMatchObject({ statusCode: 201, body: paid.body });
    expect(await till.pay({ ...body, amount: 1 }, 'order')).toMatchObject({ statusCode: 422 });
    const captured = await till.pays(capturePayment, { key: 'capture', params, body: {} });
    expect(captured).toMatchObject({ statusCode: 201 });
    expect(till.orders.map(({ kind }) => kind)).toEqual(['charge', 'capture']);
  });

  it('whose outcome is unknown needs nothing of the customer to be carried on', async () => {
    const fixture = openCustomersFixture();
    let answer: ProviderFact = { kind: 'unknown' };
    const till = tillAt(fixture, () => answer);
    const { id: customer } = await fixture.create();
    const method = await fixture.save(customer, peculiar);
    const body = { customer, payment_method: method.id };
    const lost = await till.pay(body, 'order');
    expect(lost.json).toMatchObject({ status: 'processing', payment_method: method.id });
    expect(unmarshall(fixture.row('payments', lost.json.id, 'payment'))).toHaveProperty('charge_secrets');
    expect(found([peculiar.token], [lost, fixture.items('payments')])).toEqual([]);
    await fixture.relayAll();
    expect(found([peculiar.token], fixture.items('events'))).toEqual([]);
    await fixture.customers(deleteCustomer, { params: { customer_id: customer } });
    answer = approved;
    await fixture.reconcile(till.processorOf);
    expect(till.orders.at(-1)).toMatchObject({ payment_method: peculiar.token });
    const settled = unmarshall(fixture.row('payments', lost.json.id, 'payment'));
    expect(settled).toMatchObject({ status: 'captured', payment_method: method.id });
    expect(settled.charge_secrets).toBeUndefined();
  });
});
