// Webhooks at a fail-over: what a region had in its queue and did not begin, and what it had told nobody when it died.

import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createPayment } from '../../contract/payments/operations.ts';
import { relayLimits } from '../../contract/relay/limits.ts';
import { createWebhookEndpoint } from '../../contract/webhooks/operations.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { parseMessage } from '../../lambdas/webhooks/message.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { caller } from '../kit/requests.ts';
import { home, openZone, second, type ZoneFixture } from './zone_fixture.ts';

const payment = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };

/** A payment whose event the home's relay has put into its queue, for an endpoint. */
async function relayedPayment() {
  const zone = openZone();
  await zone.keep(home);
  const api = caller(apiHandler(() => everyPort(zone.process(home))));
  const body = { url: 'https://shop.example.org/hooks', events: ['payment.created'] };
  const { json: endpoint } = await api(createWebhookEndpoint, { key: 'e', body });
  zone.advance(1_000);
  await api(createPayment, { key: 'p', body: payment });
  return { zone, endpoint: endpoint.id as string };
}

const records = (zone: ZoneFixture): DynamoDBStreamEvent =>
  ({ Records: zone.aws.database.stream('payments') }) as unknown as DynamoDBStreamEvent;

/** What was put into a queue since, with its delay. */
const posted = (zone: ZoneFixture) =>
  zone.calls
    .filter(({ operation }) => operation === 'SendMessageBatch')
    .flatMap(({ input }) => (input as { Entries: { MessageBody: string; DelaySeconds: number }[] }).Entries)
    .flatMap(({ MessageBody, DelaySeconds }) => {
      const message = parseMessage(MessageBody);
      return message === undefined ? [] : [{ message, DelaySeconds }];
    });

const handle = (platform: Platform, messages: readonly object[]) =>
  deliver(deliverPorts(recorded(platform, 'deliver')))(
    {
      Records: messages.map((message, at) => ({
        ...{ messageId: `m-${at}`, body: JSON.stringify(message) },
        attributes: { ApproximateReceiveCount: '1' },
      })),
    } as unknown as SQSEvent,
    { awsRequestId: 'req-1', getRemainingTimeInMillis: () => 30_000 },
  );

const deliveries = (zone: ZoneFixture) =>
  [...zone.aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');

describe('[RES-4] [WHK-2] a webhook that waits in the queue of a region that takes writes no more', () => {
  async function waiting() {
    const { zone, endpoint } = await relayedPayment();
    zone.calls.length = 0;
    await relay(zone.process(home))(records(zone));
    const messages = posted(zone).map(({ message }) => message);
    expect(messages).toMatchObject([{ kind: 'deliver', endpoint, maybe_begun: false }]);
    return { zone, messages };
  }

  it('becomes a row that is due, which the writer’s dispatcher finds', async () => {
    const { zone, messages } = await waiting();
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    expect(await handle(zone.process(home), messages)).toEqual({ batchItemFailures: [] });
    expect(deliveries(zone)).toMatchObject([{ status: { S: 'pending' }, due_sk: { S: expect.any(String) } }]);
  });

  it('becomes one too while nobody writes, and when the lease can’t be read', async () => {
    const { zone, messages } = await waiting();
    zone.advance(limits.leaseMs);
    expect(await handle(zone.process(home), messages)).toEqual({ batchItemFailures: [] });
    expect(deliveries(zone)).toHaveLength(1);
    const other = await waiting();
    other.zone.faults.before = ({ input }) => {
      if ((input as { TableName?: string }).TableName === 'writer') throw new Error('out of reach');
    };
    expect(await handle(other.zone.process(home), other.messages)).toEqual({ batchItemFailures: [] });
    expect(deliveries(other.zone)).toHaveLength(1);
  });

  it('stays as it is where somebody began it already', async () => {
    const { zone, messages } = await waiting();
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    await handle(zone.process(home), messages);
    const [row] = deliveries(zone);
    zone.advance(60_000);
    await handle(zone.process(home), messages);
    expect(deliveries(zone)).toEqual([row]);
  });
});

describe('[RES-4] [WHK-2] a webhook whose region dies before it sends it', () => {
  it('is asked for again by the other region, when that would have taken over, and not sooner', async () => {
    const { zone, endpoint } = await relayedPayment();
    zone.calls.length = 0;
    await relay(zone.process(second))(records(zone));
    const [watched, ...others] = posted(zone);
    expect(others).toEqual([]);
    expect(watched).toMatchObject({
      message: { kind: 'fan_out', maybe_begun: true },
      DelaySeconds: relayLimits.takeOverMs / 1000,
    });
    expect(relayLimits.takeOverMs).toBeGreaterThan(2 * limits.leaseMs + limits.handOverMs);
    zone.advance(relayLimits.takeOverMs);
    await zone.keep(second);
    zone.calls.length = 0;
    await handle(zone.process(second), watched ? [watched.message] : []);
    expect(posted(zone).map(({ message }) => message)).toMatchObject([
      { kind: 'deliver', endpoint, maybe_begun: true },
    ]);
  });

  it('is dropped as long as the region that wrote it takes writes', async () => {
    const { zone } = await relayedPayment();
    zone.calls.length = 0;
    await relay(zone.process(second))(records(zone));
    const watched = posted(zone).map(({ message }) => message);
    expect(await handle(zone.process(second), watched)).toEqual({ batchItemFailures: [] });
    expect(deliveries(zone)).toEqual([]);
  });

  it('costs nothing for a merchant without endpoints', async () => {
    const zone = openZone();
    await zone.keep(home);
    await caller(apiHandler(() => everyPort(zone.process(home))))(createPayment, { key: 'p', body: payment });
    zone.calls.length = 0;
    await relay(zone.process(second))(records(zone));
    expect(posted(zone)).toEqual([]);
  });
});
