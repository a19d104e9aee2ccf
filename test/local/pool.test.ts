import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type FunctionName, functions } from '../../contract/capabilities.ts';
import { variables } from '../../contract/kernel/environment.ts';
import { listen } from '../../local/host/ports.ts';
import { createClock } from '../../local/lambda/clock.ts';
import { localVariables } from '../../local/lambda/function.ts';
import type { Pool } from '../../local/lambda/pool.ts';
import type { Outcome } from '../../local/lambda/process.ts';
import { type LogLine, poolOf } from './pools.ts';

const pools: Pool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())));
const pool = (...args: Parameters<typeof poolOf>): Pool => {
  const made = poolOf(...args);
  pools.push(made);
  return made;
};

interface Answer {
  readonly asked: unknown;
  readonly pid: number;
  readonly running: number;
  readonly served: number;
  readonly remainingMs: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly day: string;
  readonly trace: string;
  readonly environment: readonly string[];
}
const answer = (outcome: Outcome): Answer => {
  if (outcome.kind !== 'returned') throw new Error(`expected an answer, not ${JSON.stringify(outcome)}`);
  return outcome.payload as Answer;
};

test('a host that a stand-in speaks for is reached on this machine, and no other', async () => {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.writeHead(402).end();
  });
  const port = await listen(server, { what: 'the test' });
  const probe = pool('probe', { hosts: { '*-live.processor.invalid': `http://127.0.0.1:${port}` } });
  expect(answer(await probe.invoke({ ask: 'https://shop-live.processor.invalid/v1/charges?id=1' })).asked).toBe(402);
  expect(answer(await probe.invoke({ ask: 'https://127.0.0.1:1/' })).asked).toBe('ECONNREFUSED');
  server.close();
  expect(calls).toEqual([`POST /v1/charges?id=1 127.0.0.1:${port}`]);
});

test('a function sees the variables of its template and of the runtime, and none of ours', async () => {
  const { environment, remainingMs, trace } = answer(await pool('probe').invoke({}));
  // A POSIX shell adds PWD to each process that it starts.
  const expected = ['FROM_TEMPLATE', 'LAMBDA_TASK_ROOT', 'PATH', '_HANDLER', '_X_AMZN_TRACE_ID'];
  expect(trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Lineage=1:[0-9a-f]{8}:1$/);
  expect(environment.filter((name) => name !== 'PWD')).toEqual(expected);
  expect(remainingMs).toBeGreaterThan(2_000);
});

test('[WHK-3] the two functions that decide where a webhook may go see where this machine listens, and no other does', () => {
  const given = (Object.keys(functions) as FunctionName[]).map(
    (name) => [name, localVariables(name, 'http://127.0.0.1:1')] as const,
  );
  const listening = { [variables.listenOrigin]: 'http://127.0.0.1:1' };
  expect(Object.fromEntries(given.filter(([, given]) => Object.keys(given).length > 0))).toEqual({
    webhooks: listening,
    deliver: listening,
  });
});

test('the clock of functions is moved for the next invocation and for one under way, and their time limit is not', async () => {
  const clock = createClock();
  const probe = pool('probe', { clock });
  clock.advance(60_000);
  const { begunAt, remainingMs, day } = answer(await probe.invoke({}));
  expect(begunAt).toBeGreaterThan(Date.now() + 50_000);
  expect(remainingMs).toBeLessThanOrEqual(60_000);
  expect(remainingMs).toBeGreaterThan(30_000);
  expect(day).toBe('1970-01-01T00:00:00.000Z');
  const waiting = probe.invoke({ sleepMs: 300 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  clock.advance(60_000);
  const { begunAt: before, endedAt } = answer(await waiting);
  expect(endedAt - before).toBeGreaterThan(60_000);
});

test('a process is used again for the next invocation', async () => {
  const probe = pool('probe');
  const first = answer(await probe.invoke({}));
  const second = answer(await probe.invoke({}));
  expect(second).toMatchObject({ pid: first.pid, served: 2 });
});

test('a burst beyond the bound queues: all are answered, one at a time in each process', async () => {
  const probe = pool('probe', { bound: 2 });
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => probe.invoke({ sleepMs: 10 })));
  const answers = outcomes.map(answer);
  expect(answers.map(({ running }) => running)).toEqual(Array(30).fill(1));
  // One may have answered them all before the other had started.
  expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
  expect(probe.size()).toBeLessThanOrEqual(2);
});

test('the time limit kills the process, even one that spins, and the next invocation gets another', async () => {
  const lines: LogLine[] = [];
  const probe = pool('probe', { timeoutMs: 1_500 }, lines);
  const before = answer(await probe.invoke({}));
  expect(await probe.invoke({ spin: true })).toEqual({ kind: 'timed_out' });
  expect(() => process.kill(before.pid, 0)).toThrow();
  expect(answer(await probe.invoke({})).pid).not.toBe(before.pid);
  expect(lines).toEqual([{ message: 'Task timed out after 1.5 seconds' }]);
});

test('the death of a process fails its own invocation only', async () => {
  const probe = pool('probe', { bound: 2 });
  const [dead, alive] = await Promise.all([probe.invoke({ sleepMs: 50, exit: true }), probe.invoke({ sleepMs: 300 })]);
  expect(dead).toEqual({ kind: 'crashed', how: 'exit code 3' });
  expect(alive.kind).toBe('returned');
  expect((await probe.invoke({})).kind).toBe('returned');
});

test('what a handler throws is a failure with its name and message, and the process lives on', async () => {
  const probe = pool('probe');
  const before = answer(await probe.invoke({}));
  expect(await probe.invoke({ throws: 'no' })).toEqual({ kind: 'failed', errorType: 'Custom', errorMessage: 'no' });
  expect(answer(await probe.invoke({})).pid).toBe(before.pid);
});

test('a bundle that cannot be loaded fails every invocation with its reason', async () => {
  const broken = pool('broken');
  const outcomes = await Promise.all([broken.invoke({}), broken.invoke({})]);
  const failed = { kind: 'failed', errorType: 'Error', errorMessage: 'no such configuration' };
  expect(outcomes).toEqual([failed, failed]);
});

test('idle processes end', async () => {
  const probe = pool('probe', { idleMs: 100 });
  const { pid } = answer(await probe.invoke({}));
  await expect.poll(() => probe.size()).toBe(0);
  await expect
    .poll(() => {
      try {
        return process.kill(pid, 0);
      } catch {
        return 'gone';
      }
    })
    .toBe('gone');
});

test('stopping answers waiting invocations, and ends the processes', async () => {
  const probe = poolOf('probe', { bound: 1 });
  const running = probe.invoke({ sleepMs: 2_000 });
  const waiting = probe.invoke({});
  await expect.poll(() => probe.size()).toBe(1);
  await probe.stop();
  expect((await running).kind).toBe('crashed');
  expect((await waiting).kind).toBe('crashed');
});
