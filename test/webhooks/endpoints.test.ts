// What one tenant's endpoints may cost, however many it makes and deletes, and whom it costs.

import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { queues } from '../../contract/capabilities.ts';
import { requestLimits } from '../../contract/kernel/limits.ts';
import { webhookLimits as limits } from '../../contract/webhooks/limits.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  listWebhookEndpoints,
  updateWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { ownerOf } from '../../lambdas/kernel/domain/tenant_scope.ts';
import { keyOf } from '../../lambdas/kernel/store/row.ts';
import { merchant, other } from '../kit/requests.ts';
import { type DeliveryFixture, openDeliveries } from './delivery_fixture.ts';

const scopeOf = ({ tenant }: typeof merchant) => ({ tenant, mode: 'test' }) as const;

async function create(fixture: DeliveryFixture, host: string, by = merchant, more: object = {}) {
  const body = { url: `https://${host}/hooks`, ...more };
  return fixture.webhooks(createWebhookEndpoint, { key: fixture.nextKey(), body, authorizer: by });
}

async function made(fixture: DeliveryFixture, host: string, by = merchant, more: object = {}): Promise<string> {
  const reply = await create(fixture, host, by, more);
  expect(reply.statusCode).toBe(201);
  await fixture.pass(1_000);
  return reply.json.id;
}

const remove = (fixture: DeliveryFixture, id: string) =>
  fixture.webhooks(deleteWebhookEndpoint, { params: { webhook_endpoint_id: id } });

const listed = async (fixture: DeliveryFixture): Promise<string[]> => {
  const reply = await fixture.reads(listWebhookEndpoints, {});
  expect(reply.statusCode).toBe(200);
  return reply.json.data.map(({ id }: { id: string }) => id);
};

/** How much is read of AWS meanwhile. */
async function callsDuring(fixture: DeliveryFixture, work: () => Promise<unknown>): Promise<number> {
  const before = fixture.calls();
  await work();
  return fixture.calls() - before;
}

const largest = Object.fromEntries(
  Array.from({ length: requestLimits.metadataEntries }, (_, each) => [`key_${each}`, 'x'.repeat(500)]),
);

describe('endpoints that were deleted', () => {
  it('are read by nobody: list, create and every later event cost what they did before', async () => {
    const fixture = openDeliveries();
    await made(fixture, 'shop.example.org');
    const costs = async () => {
      const list = await callsDuring(fixture, () => listed(fixture));
      const pay = await callsDuring(fixture, async () => {
        await fixture.pay();
        await fixture.settle();
      });
      return { list, pay };
    };
    // The day’s data keys are made by then.
    await costs();
    const before = await costs();
    for (let each = 0; each < 60; each += 1) {
      const reply = await create(fixture, 'gone.example.org', merchant, { metadata: largest });
      expect(reply.statusCode).toBe(201);
      expect((await remove(fixture, reply.json.id)).statusCode).toBe(200);
      fixture.linger(limits.verificationRefillMs);
    }
    await fixture.settle();
    expect(await listed(fixture)).toHaveLength(1);
    await costs();
    expect(await costs()).toEqual(before);
  });

  it('leave a row that expires, later than any delivery that names it', async () => {
    const fixture = openDeliveries();
    const id = await made(fixture, 'shop.example.org');
    await remove(fixture, id);
    const Key = keyOf({ pk: ownerOf(scopeOf(merchant)), sk: id });
    const TableName = fixture.platform.config.table('webhooks');
    const { Item } = await fixture.platform.dynamodb.send(new GetItemCommand({ TableName, Key }));
    const days = (Number(Item?.expires_at_s?.N) * 1000 - fixture.now()) / 86_400_000;
    expect(days).toBeGreaterThan(limits.deliveryRetentionDays + queues.deliveries.retentionDays);
    expect((await remove(fixture, id)).statusCode).toBe(200);
  });
});

describe('the endpoints of a tenant', () => {
  it('are never more than the limit, however many are made at once', async () => {
    const fixture = openDeliveries();
    const replies = await Promise.all(
      Array.from({ length: limits.endpoints + 8 }, (_, each) => create(fixture, `h${each}.example.org`)),
    );
    const statuses = Map.groupBy(replies, ({ statusCode }) => statusCode);
    expect(statuses.get(201)).toHaveLength(limits.endpoints);
    expect(statuses.get(409)?.map(({ json }) => json.code)).toEqual(Array(8).fill('too_many_endpoints'));
    expect(await listed(fixture)).toHaveLength(limits.endpoints);
    // One that was deleted makes room for another.
    await remove(fixture, replies.find(({ statusCode }) => statusCode === 201)?.json.id);
    expect((await create(fixture, 'next.example.org')).statusCode).toBe(201);
  });

  it('get what they are subscribed to by now', async () => {
    const fixture = openDeliveries();
    const id = await made(fixture, 'shop.example.org', merchant, { events: ['customer.*'] });
    await fixture.pay();
    await fixture.settle();
    expect(fixture.hits).toEqual([]);
    const body = { events: ['payment.captured'] };
    await fixture.webhooks(updateWebhookEndpoint, { params: { webhook_endpoint_id: id }, body });
    await fixture.pass(1_000);
    await fixture.pay();
    await fixture.settle();
    expect(fixture.hits.map(({ event }) => event.type)).toEqual(['payment.captured']);
  });

  it('that cannot be read hold up their own tenant’s events alone, and those come in order when they can', async () => {
    const fixture = openDeliveries();
    await made(fixture, 'broken.example.org');
    await made(fixture, 'quiet.example.org', other);
    const TableName = fixture.platform.config.table('webhooks');
    const Key = keyOf({ pk: ownerOf(scopeOf(merchant)), sk: 'subscriptions' });
    const { Item = {} } = await fixture.platform.dynamodb.send(new GetItemCommand({ TableName, Key }));
    const put = (more: object) =>
      fixture.platform.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Item, ...more } }));
    await put({ endpoints: { S: 'not a list' } });

    const late = await fixture.pay();
    const prompt = await fixture.pay(1_000, scopeOf(other));
    await fixture.settle();
    expect(fixture.hits.map(({ host, event }) => [host, event.aggregate_id])).toEqual([
      ['quiet.example.org', prompt],
      ['quiet.example.org', prompt],
    ]);
    expect(fixture.lines).toContain('fan_out_deferred');

    await put({});
    await fixture.pass(queues.deliveries.visibilityMs * 2);
    expect(fixture.hits.slice(2).map(({ host, event }) => [host, event.aggregate_id, event.type])).toEqual([
      ['broken.example.org', late, 'payment.created'],
      ['broken.example.org', late, 'payment.captured'],
    ]);
  });
});
