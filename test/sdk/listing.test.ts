// Lists: every item once, in the service's order, with no page asked for that nobody wants.

import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../sdk/src/index.ts';
import { answer, type Conduct, clientOf, type Service, serve } from './service.ts';

const running: Service[] = [];
afterEach(() => {
  for (const service of running.splice(0)) service.close();
});

const page = (ids: readonly number[], next: string | null, more: object = {}): Conduct =>
  answer(200, { object: 'list', data: ids.map((id) => ({ id })), has_more: next !== null, next_cursor: next, ...more });

async function paymentsOf(...pages: Conduct[]) {
  const service = await serve(pages);
  running.push(service);
  return { service, payments: clientOf(service, { attempts: 1 }).client.payments };
}

const urls = ({ received }: Service) => received.map(({ url }) => url);

describe('a list', () => {
  it('is walked page by page, an empty one included, with its query', async () => {
    const { service, payments } = await paymentsOf(page([1, 2], 'a b'), page([], 'c'), page([3], null));
    const ids = [];
    for await (const { id } of payments.list({ limit: 2 })) ids.push(id);
    expect(ids).toEqual([1, 2, 3]);
    expect(urls(service)).toEqual([
      '/v1/payments?limit=2',
      '/v1/payments?limit=2&cursor=a+b',
      '/v1/payments?limit=2&cursor=c',
    ]);
  });

  it('is not read further than it is walked', async () => {
    const { service, payments } = await paymentsOf(page([1, 2], 'a'), page([3], null));
    for await (const { id } of payments.list()) if (id === ('2' as unknown)) break;
    for await (const { id } of payments.list()) if (String(id) === '1') break;
    expect(urls(service)).toEqual(['/v1/payments', '/v1/payments?cursor=a', '/v1/payments']);
  });

  it('starts anew each time that it is walked, from the cursor of its query', async () => {
    const { service, payments } = await paymentsOf(page([1], null));
    const list = payments.list({ cursor: 'z' });
    for await (const _ of list);
    for await (const _ of list.pages());
    expect(await list.page()).toMatchObject({ data: [{ id: 1 }], next_cursor: null });
    expect(urls(service)).toEqual(Array(3).fill('/v1/payments?cursor=z'));
  });

  it.each([
    ['a cursor that leads nowhere new', page([1], 'same')],
    ['more without a cursor', page([1], null, { has_more: true })],
    ['no items', page([], null, { data: null })],
    ['no word about more', page([], null, { has_more: 'false' })],
    ['a cursor that is no text', page([], null, { next_cursor: 7 })],
    ['no list', answer(200, { object: 'payment' })],
  ])('ends with an error, not silently and not never: %s', async (_, conduct) => {
    const { service, payments } = await paymentsOf(conduct);
    const walk = async () => {
      for await (const _ of payments.list({ cursor: 'same' }));
    };
    await expect(walk()).rejects.toThrow(ConnectionError);
    expect(service.received).toHaveLength(1);
  });

  it('ends with an error where its cursors run in a circle of one', async () => {
    const { service, payments } = await paymentsOf(page([1], 'a'), page([2], 'a'));
    const ids: unknown[] = [];
    const walk = async () => {
      for await (const { id } of payments.list()) ids.push(id);
    };
    await expect(walk()).rejects.toThrow(ConnectionError);
    expect([ids, service.received.length]).toEqual([[1], 2]);
  });
});
