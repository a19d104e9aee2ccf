// The mapping from a queue to a function: nothing that the function is not done with is ever deleted.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invocationsIn, recursionLimit, traceOf } from '../../local/lambda/lineage.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import type { Outcome } from '../../local/lambda/process.ts';
import type { QueueMapping } from '../../local/lambda/queues/mapping.ts';
import { type QueuePoller, startQueuePoller } from '../../local/lambda/queues/poller.ts';
import { doneWith, type ReceivedMessage } from '../../local/lambda/queues/records.ts';
import type { QueueDefinition } from '../../local/sqs/definition.ts';
import { openQueues, type QueueStore } from '../../local/sqs/store.ts';
import { account, definition, queueArn } from './sqs_endpoint.ts';

interface Record {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}
type Handler = (records: readonly Record[], trace?: string) => Promise<Outcome> | Outcome;

const done: Outcome = { kind: 'returned', payload: { batchItemFailures: [] } };
const failing = (records: readonly Record[]): Outcome => ({
  kind: 'returned',
  payload: { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) },
});

let folder: string;
let store: QueueStore;
let poller: QueuePoller | undefined;
let events: Record[][];
const warnings: string[] = [];

const jobs: QueueDefinition = definition('jobs', { visibilityMs: 300, redrive: { to: 'dead', receives: 3 } });
const openStore = (): Promise<QueueStore> =>
  openQueues({ path: join(folder, 'journal'), definitions: [jobs, definition('dead')], failed: () => {} });
const send = (body: string, more: object = {}, trace?: string) =>
  store.call('SendMessage', { QueueUrl: `http://127.0.0.1/${account}/jobs`, MessageBody: body, ...more }, trace);

const poll = (handler: Handler, more: Partial<QueueMapping> = {}, mayPoll?: () => boolean): void => {
  const pool: Pool = {
    name: 'deliver',
    arn: 'deliver',
    async invoke(event, trace) {
      const { Records } = event as { Records: Record[] };
      events.push(Records);
      return handler(Records, trace);
    },
    warm: () => {},
    size: () => 0,
    stop: async () => {},
  };
  const mapping = {
    queue: jobs,
    functionName: 'deliver',
    batchMessages: 10,
    concurrency: 2,
    reportsFailures: true,
    ...more,
  };
  const warn = (text: string): void => void warnings.push(text);
  poller = startQueuePoller({ mapping, store, pool, warn, ...(mayPoll && { mayPoll }) });
};
const seen = () => events.map((records) => records.map(({ body }) => body).join());
const left = () =>
  [store.queues.counts('jobs'), store.queues.counts('dead')].map((each) => each.ready + each.inFlight + each.delayed);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'poller-'));
  events = [];
  warnings.length = 0;
  store = await openStore();
});
afterEach(async () => {
  await poller?.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  poller = undefined;
});

describe('a function that feeds its own queue', () => {
  it('is stopped after sixteen invocations in one chain, as AWS stops it: the message is dead-lettered, with a warning', async () => {
    const traces: (string | undefined)[] = [];
    poll(async (_, trace) => {
      traces.push(trace);
      await send('again', {}, traceOf(trace, 'deliver'));
      return done;
    });
    await send('first');
    await expect.poll(left).toEqual([0, 1]);
    expect(events).toHaveLength(recursionLimit);
    expect(invocationsIn(traces.at(-1), 'deliver')).toBe(recursionLimit - 1);
    expect(warnings.join()).toContain('deliver was stopped: AWS ends a chain of 16 invocations');
  });

  it('goes on in a chain of its own where nothing led to the message, or another function did', async () => {
    const old = Array.from({ length: 20 }).reduce<string>(
      (trace) => traceOf(trace, 'another'),
      traceOf(undefined, 'x'),
    );
    poll(() => done);
    await send('from another', {}, old);
    await send('from nobody');
    await send('nonsense', {}, 'Root=1-0;Lineage=1:zz:99|:');
    await expect.poll(() => seen().join().split(',').length).toBe(3);
    await expect.poll(left).toEqual([0, 0]);
  });
});

describe('[WHK-2] a message is delivered until the function is done with it', () => {
  it('at once when it is sent, as Lambda hands it over, and then it is gone', async () => {
    poll(() => done);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    await send('one', { MessageGroupId: 'tenant' });
    await expect.poll(() => events.length, { interval: 1 }).toBe(1);
    const tookMs = performance.now() - began;
    console.info(`${tookMs.toFixed(1)} ms from sending to the function`);
    expect(events[0]?.[0]).toMatchObject({
      body: 'one',
      md5OfBody: 'f97c5d29941bfb1b2fdab0874906ab82',
      attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'tenant' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn('jobs'),
      awsRegion: 'us-east-1',
    });
    await expect.poll(left).toEqual([0, 0]);
  });

  it('only what failed comes back, after the visibility timeout', async () => {
    for (const body of ['a', 'bad', 'c']) await send(body);
    let at = 0;
    poll((records) => {
      if (records.some(({ body }) => body === 'bad') && at === 0) {
        at = performance.now();
        return failing(records.filter(({ body }) => body === 'bad'));
      }
      return done;
    });
    await expect.poll(seen).toEqual(['a,bad,c', 'bad']);
    expect(performance.now() - at).toBeGreaterThanOrEqual(295);
    await expect.poll(left).toEqual([0, 0]);
  });

  it.each<[string, Outcome]>([
    ['throws', { kind: 'failed', errorType: 'Error', errorMessage: 'no' }],
    ['times out', { kind: 'timed_out' }],
    ['crashes', { kind: 'crashed', how: 'killed' }],
    ['is throttled', { kind: 'throttled' }],
    ['answers nonsense', { kind: 'returned', payload: 'nonsense' }],
  ])('all of a batch comes back if the function %s', async (_, outcome) => {
    await send('a');
    await send('b');
    poll(() => (events.length === 1 ? outcome : done));
    await expect.poll(() => events.length).toBe(2);
    expect(events[1]?.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['2', '2']);
    await expect.poll(left).toEqual([0, 0]);
  });

  it('a message that always fails ends in the dead-letter queue, visible, and delays no other', async () => {
    await send('failing');
    poll((records) => failing(records.filter(({ body }) => body === 'failing')));
    await expect.poll(() => events.length).toBe(1);
    for (const body of ['b', 'c']) await send(body);
    await expect.poll(left).toEqual([0, 1]);
    expect(seen().filter((bodies) => bodies.includes('failing'))).toHaveLength(3);
    const QueueUrl = `http://127.0.0.1/${account}/dead`;
    const received = await store.call('ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'] });
    expect(received).toMatchObject({
      Messages: [{ Body: 'failing', Attributes: { DeadLetterQueueSourceArn: queueArn('jobs') } }],
    });
  });

  it('a delay is kept, and what was delayed comes by itself', async () => {
    poll(() => done);
    const began = Date.now();
    await send('later', { DelaySeconds: 1 });
    await expect.poll(() => events.length, { interval: 5 }).toBe(1);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
  });

  it('what is in flight at a stop, or at a kill, is delivered by the next start, at once', async () => {
    // What a queue of half a minute's visibility gives sooner was not waited for.
    const queue = definition('dead');
    await send('a', { QueueUrl: `http://127.0.0.1/${account}/dead` });
    let release = (_: Outcome): void => {};
    poll(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
      { queue },
    );
    await expect.poll(() => events.length).toBe(1);
    const stopping = poller?.stop();
    release({ kind: 'crashed', how: 'the local cloud stopped' });
    await stopping;
    expect(left()).toEqual([0, 1]);
    await store.close();
    store = await openStore();
    const began = performance.now();
    poll(() => done, { queue });
    await expect.poll(() => events.length).toBe(2);
    expect(performance.now() - began).toBeLessThan(queue.visibilityMs / 2);
  });

  it('a function that reports nothing is done with all that it returns from', async () => {
    await send('a');
    poll(failing, { reportsFailures: false });
    await expect.poll(left).toEqual([0, 0]);
  });
});

it('as many batches are in flight as the mapping says, and the next goes as soon as one is done', async () => {
  for (let at = 0; at < 50; at += 1) await send(String(at));
  let running = 0;
  let most = 0;
  poll(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running -= 1;
    return done;
  });
  await expect.poll(left).toEqual([0, 0]);
  expect(most).toBe(2);
  expect(events.map((records) => records.length)).toEqual([10, 10, 10, 10, 10]);
});

it('a batch of more than ten is made of several receives', async () => {
  for (let at = 0; at < 25; at += 1) await send(String(at));
  poll(() => done, { batchMessages: 20 });
  await expect.poll(() => events.map((records) => records.length)).toEqual([20, 5]);
  await expect.poll(left).toEqual([0, 0]);
});

it('without the right to poll nothing is delivered, nothing is lost, and the console says so', async () => {
  await send('a');
  poll(
    () => done,
    {},
    () => false,
  );
  await poller?.stop();
  expect([events, left(), warnings]).toEqual([
    [],
    [1, 0],
    ['deliver: the queue jobs is not polled; nothing that it holds is delivered.'],
  ]);
});

const message = (MessageId: string): ReceivedMessage => ({
  MessageId,
  ReceiptHandle: '',
  Body: '',
  MD5OfBody: '',
  Attributes: {},
});

it.each([
  ['no failures', { batchItemFailures: [] }, ['1', '2']],
  ['nothing', null, ['1', '2']],
  ['an empty answer', {}, ['1', '2']],
  ['the second', { batchItemFailures: [{ itemIdentifier: '2' }] }, ['1']],
  ['the second twice', { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '2' }] }, ['1']],
  ['a message that is not there', { batchItemFailures: [{ itemIdentifier: '9' }] }, []],
  [
    'one that is there and one that is not',
    { batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '9' }] },
    [],
  ],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, []],
  ['no identifier', { batchItemFailures: [{ itemidentifier: '1' }] }, []],
  ['nonsense', { batchItemFailures: 'all' }, []],
  ['a text', 'fine', []],
])('[WHK-2] a function that reports %s is understood as AWS does', (_, payload, ids) => {
  expect(doneWith(payload, ['1', '2'].map(message), true).map(({ MessageId }) => MessageId)).toEqual(ids);
});
