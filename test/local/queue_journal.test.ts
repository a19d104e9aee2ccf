// Queues on disk: however and whenever their process ends, no acknowledged message is lost, and no deleted one comes back.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Message, messageId } from '../../local/sqs/message.ts';
import { openQueues, type QueueStore } from '../../local/sqs/store.ts';
import { account, definition } from './sqs_endpoint.ts';

const definitions = [definition('jobs', { redrive: { to: 'dead', receives: 2 } }), definition('dead')];
const QueueUrl = (name: string): string => `http://127.0.0.1/${account}/${name}`;

let folder: string;
let path: string;
let nowMs: number;
const open = (): Promise<QueueStore> => openQueues({ path, definitions, now: () => nowMs, failed: () => {} });
/** Everything in both queues, by id. */
const all = ({ queues }: QueueStore): string[] =>
  [...queues.snapshot()].flatMap((changes) =>
    changes.flatMap((change) => (change.kind === 'put' ? [messageId(change.message)] : [])),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'queues-'));
  path = join(folder, 'journal');
  nowMs = Date.UTC(2026, 10, 1);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Received {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
}
interface Held extends Received {
  readonly queue: string;
}

const share = (weight: number, kind: string, more: Record<string, fc.Arbitrary<unknown>>) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(kind), ...more }) as unknown as fc.Arbitrary<Step>,
});
type Step =
  | { readonly do: 'send'; readonly count: number }
  | { readonly do: 'receive'; readonly queue: string; readonly most: number }
  | { readonly do: 'delete' | 'give back'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'crash'; readonly where: number };
const upToTen = fc.integer({ min: 1, max: 10 });
const steps = fc.array(
  fc.oneof(
    share(3, 'send', { count: upToTen }),
    share(5, 'receive', { queue: fc.constantFrom('jobs', 'dead'), most: upToTen }),
    share(3, 'delete', { which: fc.nat() }),
    share(1, 'give back', { which: fc.nat() }),
    share(3, 'pass', { ms: fc.integer({ min: 0, max: 60_000 }) }),
    share(2, 'crash', { where: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  { minLength: 5, maxLength: 40 },
);

/** How long the journal was when exactly these were there. */
interface Moment {
  readonly bytes: number;
  readonly owed: ReadonlySet<string>;
}

/** Lives through the steps; throws when the store does what it must not. */
class Life {
  #store: QueueStore | undefined;
  #owed = new Set<string>();
  #held: Held[] = [];
  #moments: Moment[] = [];

  get #opened(): QueueStore {
    if (this.#store === undefined) throw new Error('not open');
    return this.#store;
  }

  async begin(): Promise<void> {
    this.#store = await open();
    this.#held = [];
    this.#moments = [];
    this.#note();
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'pass') nowMs += step.ms;
    else if (step.do === 'send') await this.#send(step.count);
    else if (step.do === 'receive') this.#held.push(...(await this.#receive(step.queue, step.most)));
    else if (step.do === 'crash') await this.#crash(step.where);
    else await this.#settle(step.do, step.which);
    this.#note();
  }

  /** In the end consumers take everything that is owed, from one queue or the other. */
  async end(): Promise<void> {
    const received: string[] = [];
    for (let round = 0; round < 200 && all(this.#opened).length > 0; round += 1) {
      nowMs += 60_000;
      for (const queue of ['jobs', 'dead']) {
        const held = await this.#receive(queue, 10);
        // First they fail for a while.
        if (round < 5) continue;
        for (const each of held) {
          received.push(each.MessageId);
          await this.#call('DeleteMessage', queue, { ReceiptHandle: each.ReceiptHandle });
        }
      }
    }
    expect(received.sort()).toEqual([...this.#owed].sort());
    await this.#opened.close();
  }

  #note(): void {
    this.#moments.push({ bytes: statSync(path).size, owed: new Set(this.#owed) });
  }

  async #call(operation: string, queue: string, input: object): Promise<Record<string, readonly Received[]>> {
    const output = await this.#opened.call(operation, { QueueUrl: QueueUrl(queue), ...input });
    return output as Record<string, readonly Received[]>;
  }

  async #send(count: number): Promise<void> {
    const Entries = Array.from({ length: count }, (_, at) => ({ Id: String(at), MessageBody: `m${at}` }));
    const { Successful = [] } = await this.#call('SendMessageBatch', 'jobs', { Entries });
    for (const { MessageId } of Successful) {
      expect(this.#owed.has(MessageId)).toBe(false);
      this.#owed.add(MessageId);
    }
  }

  async #receive(queue: string, MaxNumberOfMessages: number): Promise<Held[]> {
    const { Messages = [] } = await this.#call('ReceiveMessage', queue, { MaxNumberOfMessages });
    for (const { MessageId } of Messages) expect(this.#owed.has(MessageId)).toBe(true);
    return Messages.map((message) => ({ ...message, queue }));
  }

  async #settle(how: 'delete' | 'give back', which: number): Promise<void> {
    const [picked] = this.#held.splice(which % Math.max(1, this.#held.length), 1);
    if (picked === undefined) return;
    const { MessageId, ReceiptHandle, queue } = picked;
    if (how === 'give back') {
      await this.#call('ChangeMessageVisibility', queue, { ReceiptHandle, VisibilityTimeout: 0 }).catch(() => {});
      return;
    }
    await this.#call('DeleteMessage', queue, { ReceiptHandle });
    // A receipt that is too old deletes nothing: the store says which it was.
    if (!all(this.#opened).includes(MessageId)) this.#owed.delete(MessageId);
  }

  /** What lies on disk after a kill: all of it, or less where the last write was cut, wherever that was. */
  async #crash(where: number): Promise<void> {
    const bytes = readFileSync(path);
    await this.#opened.close();
    const first = this.#moments[0]?.bytes ?? 0;
    const cut = first + Math.floor(where * (bytes.length - first));
    writeFileSync(path, bytes.subarray(0, cut));
    const moments = this.#moments;
    await this.begin();
    const found = all(this.#opened);
    expect(new Set(found).size).toBe(found.length);
    const before = moments.findLast((moment) => moment.bytes <= cut)?.owed ?? new Set();
    const after = moments.find((moment) => moment.bytes > cut)?.owed ?? this.#owed;
    for (const id of before) if (after.has(id)) expect(found).toContain(id);
    for (const id of found) expect(before.has(id) || after.has(id)).toBe(true);
    this.#owed = new Set(found);
  }
}

describe('[WHK-2] nothing is lost, and nothing is invented', () => {
  it('by any sends, receives, deletions and crashes, with the journal cut at any byte', async () => {
    const property = fc.asyncProperty(steps, async (all) => {
      rmSync(path, { force: true });
      const life = new Life();
      await life.begin();
      for (const step of all) await life.step(step);
      await life.end();
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('by a kill in the middle of many sends', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./queue_child.ts', import.meta.url)), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    await expect.poll(() => printed.split('\n').length).toBeGreaterThan(100);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const ids = printed.split('\n').slice(0, -1);
    const store = await openQueues({ path, definitions, failed: () => {} });
    const found = new Set(all(store));
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
    await store.close();
  });
});

describe('what a restart finds', () => {
  let store: QueueStore;
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await open();
  };
  const send = (MessageBody: string, more: object = {}) =>
    store.call('SendMessage', { QueueUrl: QueueUrl('jobs'), MessageBody, ...more });
  const receive = (): readonly Message[] => store.queues.receive('jobs', 10);

  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  it('is delayed, in flight and counted as it was, and receipts are still good', async () => {
    await send('later', { DelaySeconds: 60 });
    await send('held', { MessageGroupId: 'tenant' });
    const [held] = receive();
    if (held === undefined) throw new Error('no message');
    const left = () => structuredClone([...store.queues.snapshot()]);
    const before = left();
    for (let start = 0; start < 2; start += 1) {
      await reopen();
      expect(left()).toEqual(before);
    }
    expect(store.queues.counts('jobs')).toEqual({ ready: 0, inFlight: 1, delayed: 1 });
    expect(store.queues.remove('jobs', held)).toBe(true);
    nowMs += 60_000;
    expect(receive().map(({ body }) => body)).toEqual(['later']);
  });

  it('is in the dead-letter queue once it was dead-lettered, and nowhere once it was deleted there', async () => {
    await send('failing');
    for (let time = 0; time < 3; time += 1, nowMs += 30_000) receive();
    await reopen();
    expect([store.queues.counts('jobs').ready, store.queues.counts('dead').ready]).toEqual([0, 1]);
    const [dead] = store.queues.receive('dead', 10);
    if (dead === undefined) throw new Error('no message');
    store.queues.remove('dead', dead);
    await reopen();
    expect(all(store)).toEqual([]);
  });

  it('never gives an id twice, even if nothing is left', async () => {
    await send('first');
    const [first] = receive();
    if (first === undefined) throw new Error('no message');
    store.queues.remove('jobs', first);
    // The second start finds no trace of the message.
    for (let start = 0; start < 2; start += 1) await reopen();
    await send('second');
    expect(receive().map(messageId)).not.toContain(messageId(first));
  });

  it('is as long as what is left, not as what has been', async () => {
    for (let at = 0; at < 50; at += 1) {
      await send('x'.repeat(1_000));
      for (const each of receive()) store.queues.remove('jobs', each);
    }
    await send('left');
    await reopen();
    expect(statSync(path).size).toBeLessThan(1_000);
    expect(receive().map(({ body }) => body)).toEqual(['left']);
  });

  it('is no start at all if a line in the middle can’t be read', async () => {
    await send('a');
    await store.close();
    writeFileSync(path, `nonsense\n${readFileSync(path, 'utf8')}`);
    await expect(open()).rejects.toThrow(/Line 1 of .* can't be read/);
    rmSync(path);
    store = await open();
  });
});
