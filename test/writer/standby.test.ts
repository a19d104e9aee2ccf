// A region that is not the writer: it answers reads, refuses every write with 503, does none of the work that schedules, streams
// and queues give it, and relays what it wrote itself when it still was the writer.

import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import { createPayment, getPayment } from '../../contract/payments/operations.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import type { Platform } from '../../lambdas/kernel/platform/platform.ts';
import { moneyPorts } from '../../lambdas/payments/ports.ts';
import { processorEvents } from '../../lambdas/processor_events/processor_events.ts';
import { runReconciler } from '../../lambdas/processor_events/reconciler.ts';
import { relay } from '../../lambdas/relay/relay.ts';
import { rewrap } from '../../lambdas/rotation/rewrap/rewrap.ts';
import { touchKey } from '../../lambdas/tenants/store.ts';
import { deliver } from '../../lambdas/webhooks/delivery/deliver.ts';
import { dispatch } from '../../lambdas/webhooks/delivery/dispatch.ts';
import { deliverPorts } from '../../lambdas/webhooks/delivery/ports.ts';
import { countFailure, resetFailures } from '../../lambdas/webhooks/store/health.ts';
import { apiHandler, everyPort } from '../kit/api_functions.ts';
import { caller } from '../kit/requests.ts';
import { home, openZone, second, type ZoneFixture } from './zone_fixture.ts';

const api = (platform: Platform) => caller(apiHandler(() => everyPort(platform)));
const body = { amount: 1000, currency: 'EUR', payment_method: 'pm_test_visa' };
const writes = ['PutItem', 'UpdateItem', 'TransactWriteItems', 'SendMessageBatch', 'PutEvents'];

/** What was written since, beside audit entries and data keys, which belong to the region that makes them. */
const written = (zone: ZoneFixture): string[] =>
  zone.calls.map(({ operation }) => operation).filter((operation) => writes.includes(operation));

async function started(): Promise<ZoneFixture> {
  const zone = openZone();
  await zone.keep(home);
  return zone;
}

const recordsOf = (zone: ZoneFixture): DynamoDBStreamEvent =>
  ({ Records: zone.aws.database.stream('payments') }) as unknown as DynamoDBStreamEvent;

describe('[RES-4] a standby', () => {
  it('answers reads, each with its audit entry', async () => {
    const zone = await started();
    const { json } = await api(zone.process(home))(createPayment, { key: 'a', body });
    const read = await api(zone.process(second))(getPayment, { params: { payment_id: json.id } });
    expect(read.statusCode).toBe(200);
    expect(read.json).toMatchObject({ id: json.id, amount: 1000 });
    const actions = [...zone.aws.database.items('audit')].map(({ action }) => action?.S);
    expect(actions).toContain('payments/get');
  });

  it('answers a write with 503 and Retry-After, says so in the audit trail, and changes nothing', async () => {
    const zone = await started();
    zone.calls.length = 0;
    const refused = await api(zone.process(second))(createPayment, { key: 'a', body });
    expect(refused.statusCode).toBe(503);
    expect(refused.json).toMatchObject({ code: 'region_standby' });
    expect(refused.headers).toMatchObject({ 'Retry-After': String(limits.standbyRetrySeconds) });
    expect(written(zone)).toEqual([]);
    const [entry] = [...zone.aws.database.items('audit')];
    expect(entry).toMatchObject({ code: { S: 'region_standby' }, outcome: { S: 'failed' } });
  });

  it('takes the same write, under the same key, once it has become the writer', async () => {
    const zone = await started();
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    const created = await api(zone.process(second))(createPayment, { key: 'a', body });
    expect(created.statusCode).toBe(201);
    const [row] = [...zone.aws.database.items('payments')];
    expect(row).toMatchObject({ origin_region: { S: second }, writer_epoch: { N: '2' } });
    const late = await api(zone.process(home))(createPayment, { key: 'b', body });
    expect(late.json.code).toBe('region_standby');
  });

  it.each(operations.filter(({ method }) => method !== 'GET'))('writes nothing by $id', async (operation) => {
    const zone = await started();
    zone.calls.length = 0;
    const ids = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const params = Object.fromEntries(ids.map((name) => [name, `${name.slice(0, 3)}_us_${'a'.repeat(26)}`]));
    await api(zone.process(second))(operation, { key: 'a', body: {}, params });
    expect(written(zone)).toEqual([]);
  });

  it('notes no last use of a key, and counts no failure of an endpoint', async () => {
    const zone = await started();
    const platform = zone.process(second);
    const owner = { tenant: 'ten_us_a', mode: 'test' } as const;
    zone.calls.length = 0;
    await expect(touchKey(platform, 'key_us_a', zone.now())).rejects.toThrow('region_standby');
    await expect(countFailure(platform, owner, 'we_us_a', 'rejections')).rejects.toThrow('region_standby');
    await expect(resetFailures(platform, owner, 'we_us_a')).rejects.toThrow('region_standby');
    expect(written(zone)).toEqual([]);
  });

  it('leaves to the writer region what schedules and streams give it', async () => {
    const zone = await started();
    const platform = zone.process(second);
    zone.calls.length = 0;
    expect(await runReconciler(moneyPorts(platform), 'run', 60_000)).toEqual({ looked: 0, failed: 0 });
    expect(await dispatch(platform, 60_000)).toEqual({ posted: 0 });
    expect(await rewrap(platform, 'run', 60_000)).toEqual([]);
    expect(await processorEvents(everyPort(platform))(recordsOf(zone))).toEqual({ batchItemFailures: [] });
    expect(zone.calls.map(({ operation }) => operation)).toEqual(['GetItem']);
  });

  it('drops a message that another region begins anew, and gives it back while nobody is the writer', async () => {
    const zone = await started();
    const platform = zone.process(second);
    const Records = [{ messageId: 'm-1', body: '{}', attributes: { ApproximateReceiveCount: '1' } }];
    const handle = () =>
      deliver(deliverPorts(platform))({ Records } as unknown as SQSEvent, {
        awsRequestId: 'req-1',
        getRemainingTimeInMillis: () => 30_000,
      });
    expect(await handle()).toEqual({ batchItemFailures: [] });
    zone.advance(limits.leaseMs);
    expect(await handle()).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  });
});

describe('[RES-4] the relay of a region', () => {
  const events = (zone: ZoneFixture): number => [...zone.aws.database.items('events')].length;

  it('makes entry and event of what the other region wrote too, and leaves its bus event and webhooks to it', async () => {
    const zone = await started();
    await api(zone.process(home))(createPayment, { key: 'a', body });
    zone.calls.length = 0;
    await relay(zone.process(second))(recordsOf(zone));
    expect(events(zone)).toBe(1);
    expect(zone.calls.map(({ operation }) => operation)).not.toContain('PutEvents');
    await relay(zone.process(home))(recordsOf(zone));
    expect(events(zone)).toBe(1);
    expect(zone.calls.map(({ operation }) => operation)).toContain('PutEvents');
  });

  it('takes what the other region left, once its own is the writer; both make the same of it', async () => {
    const zone = await started();
    await api(zone.process(home))(createPayment, { key: 'a', body });
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    await relay(zone.process(second))(recordsOf(zone));
    const made = [...zone.aws.database.items('events'), ...zone.aws.database.items('audit')];
    const other = openZone();
    other.advance(zone.now() - other.now());
    for (const item of zone.aws.database.items('payments')) expect(item.origin_region).toEqual({ S: home });
    await relay(other.process(home))(recordsOf(zone));
    expect([...other.aws.database.items('events'), ...other.aws.database.items('audit')]).toEqual(
      made.filter(({ outcome }) => outcome?.S !== 'requested'),
    );
  });

  it('takes what it wrote itself also when it has become the standby', async () => {
    const zone = await started();
    await api(zone.process(home))(createPayment, { key: 'a', body });
    zone.advance(limits.leaseMs);
    await zone.keep(second);
    await relay(zone.process(home))(recordsOf(zone));
    expect(events(zone)).toBe(1);
  });
});
