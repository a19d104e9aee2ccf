// Fair queues: which tenant's message is next. Virtual time; consumers as slow as a test wants them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../local/sqs/message.ts';
import { Queues, type Sent } from '../../local/sqs/queues.ts';
import { definition } from './sqs_endpoint.ts';

const world = () => {
  let nowMs = Date.UTC(2026, 10, 1);
  const queues = new Queues({ definitions: [definition('jobs', { visibilityMs: 60_000 })], now: () => nowMs });
  const message = (group: string | undefined): Sent => ({ body: group ?? 'nobody', group, delayMs: 0 });
  return {
    queues,
    send: (group: string | undefined, count = 1) =>
      queues.send(
        'jobs',
        Array.from({ length: count }, () => message(group)),
      ),
    receive: (most = 10): readonly Message[] => queues.receive('jobs', most),
    settle(messages: readonly Message[]) {
      for (const each of messages) queues.remove('jobs', each);
    },
    pass(ms: number) {
      nowMs += ms;
    },
  };
};
const groups = (messages: readonly Message[]) => messages.map(({ group }) => group);

describe('[HST-3] a noisy tenant does not delay a quiet one', () => {
  it('10,000 waiting messages of one delay a message of another by no more than one receive', () => {
    const { send, receive, pass } = world();
    send('noisy', 10_000);
    send('quiet');
    expect(groups(receive())).toEqual(Array.from({ length: 10 }, () => 'noisy'));
    pass(1);
    expect(groups(receive())[0]).toBe('quiet');
  });

  it('nor if the one consumer deletes what it has before it asks again', () => {
    const { send, receive, settle, pass } = world();
    send('noisy', 10_000);
    send('quiet');
    const first = receive();
    pass(20);
    settle(first);
    expect(groups(receive())[0]).toBe('quiet');
  });

  it('nor if its messages are received many at once', () => {
    const { send, receive } = world();
    send('noisy', 10_000);
    for (let time = 0; time < 5; time += 1) receive();
    send('quiet');
    expect(groups(receive())[0]).toBe('quiet');
  });

  it('of several noisy ones that with the fewest messages in flight is next', () => {
    const { send, receive } = world();
    send('noisiest', 60);
    for (let time = 0; time < 4; time += 1) receive();
    send('noisy', 60);
    for (let time = 0; time < 3; time += 1) receive();
    const received = groups(receive());
    expect(received.filter((group) => group === 'noisy').length).toBe(10);
  });

  it('a noisy one gets everything while no other waits', () => {
    const { send, receive, pass } = world();
    send('noisy', 100);
    let received = 0;
    for (let time = 0; time < 10; time += 1, pass(1_000)) received += receive().length;
    expect(received).toBe(100);
  });

  it('who has sent nothing for five minutes is no noisy neighbour, as AWS says', () => {
    const { send, receive, pass } = world();
    send('noisy', 10_000);
    pass(290_000);
    receive();
    pass(9_999);
    send('quiet', 2);
    expect(groups(receive(1))).toEqual(['quiet']);
    pass(1);
    expect(groups(receive())[0]).toBe('noisy');
  });
});

it('messages without a group come oldest first, however many are in flight', () => {
  const { send, receive, pass } = world();
  const sent = send(undefined, 100).map(({ sequence }) => sequence);
  const received: number[] = [];
  for (let time = 0; time < 10; time += 1, pass(1_000)) received.push(...receive().map(({ sequence }) => sequence));
  expect(received).toEqual(sent);
});

it('equal calls at equal times give equal answers', () => {
  const step = fc.record({
    group: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    count: fc.integer({ min: 0, max: 20 }),
    most: fc.integer({ min: 1, max: 10 }),
    ms: fc.integer({ min: 0, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const run = () => {
        const { queues, send, receive, settle, pass } = world();
        const seen = steps.map(({ group, count, most, ms }) => {
          send(group, count);
          const received = receive(most);
          settle(received.filter(({ sequence }) => sequence % 3 > 0));
          pass(ms);
          return received.map(({ sequence, receives }) => `${sequence}/${receives}`);
        });
        return { seen, left: JSON.stringify([...queues.snapshot()]) };
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 50 },
  );
});

it('a receive costs little, however many messages and tenants wait', () => {
  const { send, receive, pass } = world();
  for (let tenant = 0; tenant < 200; tenant += 1) send(`tenant${tenant}`, 100);
  const before = process.cpuUsage();
  let received = 0;
  for (let time = 0; time < 500; time += 1, pass(10)) received += receive().length;
  const microseconds = process.cpuUsage(before).user / received;
  console.info(`${microseconds.toFixed(1)} µs a message, 20,000 messages of 200 tenants`);
  expect(received).toBe(5_000);
  // Of the processor, not of the clock: others run beside it.
  expect(microseconds).toBeLessThan(500);
});
