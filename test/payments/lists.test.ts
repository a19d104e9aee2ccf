// Lists of payments and refunds, with filters: what fits, newest first, page by page, and nobody else's.

import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/capabilities.ts';
import { createCustomer } from '../../contract/customers/operations.ts';
import {
  createPayment,
  getPayment,
  listAllRefunds,
  listPayments,
  refundPayment,
  updatePayment,
} from '../../contract/payments/operations.ts';
import type { ProviderFact } from '../../lambdas/processors/domain/fact.ts';
import type { Processor } from '../../lambdas/processors/processor.ts';
import { merchant } from '../kit/requests.ts';
import { openIngressFixture } from '../processor_events/ingress_fixture.ts';
import { tenantsOf } from '../tenants/business_fixture.ts';

const minute = 60_000;
let fixture: ReturnType<typeof openIngressFixture>;
let customer: string;
/** Ids, oldest first, with when they were created. */
const made: { id: string; status: string; at: string }[] = [];
const refunds: string[] = [];
const authorizer = { ...merchant, scopes: 'payments:read payments:write customers:write' };

const processor: Processor = {
  name: 'test',
  keyLifetimeMs: 86_400_000,
  accepts: () => true,
  send: async ({ payment_method, capture, kind }): Promise<ProviderFact> =>
    payment_method === 'pm_declined'
      ? { kind: 'declined', declineCode: null, message: 'No.' }
      : { kind: 'approved', charge: 'ch_1', captured: kind === 'charge' && capture },
  lookUp: async () => ({ kind: 'unknown' }),
};

beforeAll(async () => {
  fixture = openIngressFixture();
  const pay = fixture.money(async () => processor);
  const { json } = await tenantsOf(fixture.platform).ask(createCustomer, { key: 'customer', body: {}, authorizer });
  customer = json.id;
  for (let each = 0; each < 12; each += 1) {
    const payment_method = each % 3 === 0 ? 'pm_declined' : 'pm_visa';
    const body = { amount: 1000, currency: 'EUR', payment_method, ...(each % 4 === 0 && { customer }) };
    const reply = await pay(createPayment, { key: `pay-${each}`, body, authorizer });
    expect(reply.statusCode).toBe(201);
    made.push({ id: reply.json.id, status: reply.json.status, at: reply.json.created_at });
    if (reply.json.status === 'captured') {
      const sent = { key: `refund-${each}`, params: { payment_id: reply.json.id }, body: { amount: 10 }, authorizer };
      refunds.push((await pay(refundPayment, sent)).json.id);
    }
    fixture.advance(minute);
  }
});

async function all(operation: Operation, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined, pages = 0; cursor !== null && pages < 30; pages += 1) {
    const { json, statusCode } = await fixture.reads(operation, { query: { ...query, ...(cursor && { cursor }) } });
    expect(statusCode).toBe(200);
    ids.push(...json.data.map(({ id }: { id: string }) => id));
    cursor = json.next_cursor;
  }
  return ids;
}

const newest = (some: readonly { id: string }[]): string[] => some.map(({ id }) => id).reverse();

describe('a list of payments', () => {
  it.each(['1', '5', '100'])('holds what fits its filters, newest first, %s a page', async (limit) => {
    const wanted = made.filter(({ status }, index) => status === 'failed' && index % 4 === 0);
    expect(await all(listPayments, { limit, status: 'failed', customer })).toEqual(newest(wanted));
    expect(await all(listPayments, { limit, status: 'captured' })).toEqual(
      newest(made.filter(({ status }) => status === 'captured')),
    );
    expect(await all(listPayments, { limit })).toEqual(newest(made));
  });

  it('ends and begins where its times say: at the one, before the other', async () => {
    const [from = '', before = ''] = [made[3]?.at, made[7]?.at];
    const query = { limit: '2', 'created[gte]': from, 'created[lt]': before };
    expect(await all(listPayments, query)).toEqual(newest(made.slice(3, 7)));
    // The same moments, written otherwise.
    const berlin = (text: string) => new Date(Date.parse(text) + 3_600_000).toISOString().replace('Z', '+01:00');
    expect(await all(listPayments, { ...query, 'created[gte]': berlin(from), 'created[lt]': berlin(before) })).toEqual(
      newest(made.slice(3, 7)),
    );
    expect(await all(listPayments, { 'created[gte]': before, 'created[lt]': from })).toEqual([]);
  });

  it.each<Record<string, string>>([
    { status: 'paid' },
    { customer: 'cus_1' },
    { 'created[gte]': 'yesterday' },
    { created: '2026-01-01T00:00:00Z' },
  ])('refuses a filter that is none: %j', async (query) => {
    expect((await fixture.reads(listPayments, { query })).statusCode).toBe(400);
  });

  it('goes on with the filters that it began with, and no others', async () => {
    const { json } = await fixture.reads(listPayments, { query: { limit: '1', status: 'captured' } });
    const other = { limit: '1', status: 'failed', cursor: json.next_cursor };
    expect((await fixture.reads(listPayments, { query: other })).json.code).toBe('cursor_invalid');
  });
});

describe('a payment’s reference', () => {
  const find = (reference: string) => all(listPayments, { limit: '1', reference });

  it('finds it, exactly as it is written and for nobody else, and lies nowhere in the clear', async () => {
    const pay = fixture.money(async () => processor);
    const body = { amount: 500, currency: 'EUR', payment_method: 'pm_visa', reference: 'Order Zoë/4711' };
    const ids: string[] = [];
    for (const key of ['one', 'two']) {
      const { json } = await pay(createPayment, { key, body, authorizer });
      expect(json.reference).toBe('Order Zoë/4711');
      ids.push(json.id);
      fixture.advance(minute);
    }
    expect(await find('Order Zoë/4711')).toEqual([...ids].reverse());
    expect(await find('order zoë/4711')).toEqual([]);
    const other = { ...authorizer, tenant: 'ten_us_b' };
    expect(
      (await fixture.reads(listPayments, { query: { reference: 'Order Zoë/4711' }, authorizer: other })).json.data,
    ).toEqual([]);
    expect(JSON.stringify([...fixture.aws.database.items('payments')])).not.toContain('4711');
  });

  it('changes with its payment, which is found by the new one alone', async () => {
    const pay = fixture.money(async () => processor);
    const body = { amount: 500, currency: 'EUR', payment_method: 'pm_visa', reference: 'before', description: 'one' };
    const { json } = await pay(createPayment, { key: 'to change', body, authorizer });
    const update = (sent: object) => pay(updatePayment, { params: { payment_id: json.id }, body: sent, authorizer });
    const changed = await update({ reference: 'after', metadata: { order: '7' } });
    expect(changed).toMatchObject({
      statusCode: 200,
      json: {
        reference: 'after',
        description: 'one',
        metadata: { order: '7' },
        status: 'captured',
        amount_captured: 500,
      },
    });
    expect([await find('before'), await find('after')]).toEqual([[], [json.id]]);
    expect((await update({ reference: 'after' })).json).toEqual(changed.json);
    expect((await update({ reference: null })).json.reference).toBeNull();
    expect(await find('after')).toEqual([]);
    expect((await fixture.reads(getPayment, { params: { payment_id: json.id } })).json.description).toBe('one');
    const facts = [...fixture.aws.database.stream('payments')].map(({ dynamodb }) => JSON.stringify(dynamodb.NewImage));
    expect(facts.filter((each) => each?.includes(json.id) && each.includes('payment.updated'))).toHaveLength(2);
  });

  it.each([{}, { amount: 1 }, { reference: '' }, { description: 'x'.repeat(501) }, { metadata: null }])(
    'is not changed by %j',
    async (sent) => {
      const pay = fixture.money(async () => processor);
      const before = (await fixture.reads(getPayment, { params: { payment_id: made[1]?.id ?? '' } })).json;
      const { statusCode } = await pay(updatePayment, { params: { payment_id: before.id }, body: sent, authorizer });
      expect(statusCode).toBe(Object.keys(sent).length === 0 ? 200 : 400);
      expect((await fixture.reads(getPayment, { params: { payment_id: before.id } })).json).toEqual(before);
    },
  );

  it('of another tenant’s payment does not exist', async () => {
    const pay = fixture.money(async () => processor);
    const sent = {
      params: { payment_id: made[1]?.id ?? '' },
      body: { reference: 'x' },
      authorizer: { ...authorizer, tenant: 'ten_us_b' },
    };
    expect((await pay(updatePayment, sent)).json.code).toBe('payment_not_found');
  });
});

describe('a list of refunds', () => {
  it('holds those of all payments, and no payment is listed for them', async () => {
    expect(await all(listAllRefunds, { limit: '3' })).toEqual([...refunds].reverse());
    expect(await all(listAllRefunds, { status: 'failed' })).toEqual([]);
    expect(await all(listAllRefunds, { 'created[gte]': made[6]?.at ?? '' })).toEqual([...refunds].slice(-4).reverse());
  });
});
