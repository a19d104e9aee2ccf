// Two replicas of a global table as AWS has them: last writer wins by item, what waits is merged, deletions count as writes,
// and after a partition both hold the same.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../local/dynamodb/memory/database.ts';
import { openJournal } from '../../local/dynamodb/memory/journal.ts';
import { type ReplicationEnds, startReplicator } from '../../local/dynamodb/replicator.ts';
import { type Item, key, n, plainTable, s } from './dynamodb/rows.ts';

const TableName = 'global';
const streamed = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } };
const regions = ['us-east-1', 'us-west-2'] as const;

let now = 0;
let east: Database;
let west: Database;

const open = (region: string): Database => {
  const database = new Database({ region, account: '000000000000', now: () => now });
  database.call('CreateTable', { TableName, ...plainTable, ...streamed });
  database.replicate(TableName);
  return database;
};

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  [east, west] = [open(regions[0]), open(regions[1])];
});

const put = (database: Database, pk: string, value: string, more: object = {}): object =>
  database.call('PutItem', { TableName, Item: { ...key(pk), value: s(value) }, ...more });
const gone = (database: Database, pk: string): object => database.call('DeleteItem', { TableName, Key: key(pk) });
const heldIn = (database: Database, pk: string): string | undefined =>
  (database.call('GetItem', { TableName, Key: key(pk) }) as { Item?: Item }).Item?.value?.S;
const send = (from: Database, to: Database): number => {
  const writes = from.outgoing(0, 1_000);
  const won = to.receive(writes);
  from.acknowledge(writes.at(-1)?.number ?? 0);
  return won;
};
const events = (database: Database): string[] =>
  database
    .stream(TableName)
    .map(({ eventName, dynamodb: { NewImage, OldImage } }) =>
      [eventName, OldImage?.value?.S, NewImage?.value?.S].join(' '),
    );

describe('a write', () => {
  it('is with the other region once it is sent, and in its stream like any other; it does not come back', () => {
    put(east, 'a', 'one');
    expect(heldIn(west, 'a')).toBeUndefined();
    expect(send(east, west)).toBe(1);
    expect(heldIn(west, 'a')).toBe('one');
    expect(events(west)).toEqual(['INSERT  one']);
    expect([west.outgoing(0, 10), east.outgoing(0, 10)]).toEqual([[], []]);
  });

  it.each([
    ['the east later', 0, 1, 'of the east'],
    ['the west later', 1, 0, 'of the west'],
    ['the same moment', 0, 0, 'of the west'],
  ])('of both regions to one item, %s: the later one is in both, whichever is sent first', (_, eastMs, westMs) => {
    for (const first of ['east', 'west']) {
      const base = now;
      const write = { east: () => put(east, first, 'of the east'), west: () => put(west, first, 'of the west') };
      now = base + westMs;
      write.east();
      now = base + eastMs;
      write.west();
      now = base + 10;
      if (first === 'east') send(east, west);
      send(west, east);
      send(east, west);
      const wins = westMs > eastMs ? 'of the east' : 'of the west';
      expect([heldIn(east, first), heldIn(west, first)]).toEqual([wins, wins]);
    }
  });

  it('that was read before the next one wins over it, even where the clocks differ', () => {
    put(east, 'a', 'ahead');
    send(east, west);
    now -= 60_000;
    put(west, 'a', 'after it');
    send(west, east);
    expect(heldIn(east, 'a')).toBe('after it');
  });

  it('whose condition holds in its own region alone is made, and may be lost to a later one of the other', () => {
    const absent = { ConditionExpression: 'attribute_not_exists(pk)' };
    put(east, 'a', 'first', absent);
    now += 1;
    put(west, 'a', 'second', absent);
    send(east, west);
    send(west, east);
    expect([heldIn(east, 'a'), heldIn(west, 'a')]).toEqual(['second', 'second']);
  });

  it('of several to one item that waited, the last alone is sent; what changes nothing is not', () => {
    for (const value of ['one', 'two', 'three', 'three']) put(east, 'a', value);
    put(east, 'b', 'other');
    expect(east.outgoing(0, 10).map(({ image }) => image?.value?.S)).toEqual(['three', 'other']);
    send(east, west);
    expect(events(west)).toEqual(['INSERT  three', 'INSERT  other']);
    put(east, 'a', 'three');
    expect(east.outgoing(0, 10)).toEqual([]);
  });

  it('of a transaction arrives by itself: the other region may see half of it', () => {
    const Put = (pk: string) => ({ Put: { TableName, Item: { ...key(pk), value: s('both') } } });
    east.call('TransactWriteItems', { TransactItems: [Put('a'), Put('b')] });
    const [first] = east.outgoing(0, 1);
    west.receive(first === undefined ? [] : [first]);
    expect([heldIn(west, 'a'), heldIn(west, 'b')]).toEqual(['both', undefined]);
  });
});

describe('a deletion', () => {
  it('is not undone by an older write that arrives after it', () => {
    put(west, 'a', 'older');
    now += 1;
    put(east, 'a', 'newer');
    gone(east, 'a');
    send(east, west);
    expect(heldIn(west, 'a')).toBeUndefined();
    expect(send(west, east)).toBe(0);
    expect(heldIn(east, 'a')).toBeUndefined();
  });

  it('by time to live reaches the other region as any deletion', () => {
    for (const database of [east, west]) {
      const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
      database.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
    }
    east.call('PutItem', { TableName, Item: { ...key('a'), value: s('x'), expires: n(now / 1000 + 60) } });
    send(east, west);
    now += 120_000;
    expect(east.expire()).toBe(1);
    send(east, west);
    const identities = [east, west].map((database) => database.stream(TableName).at(-1)?.userIdentity?.type);
    expect([heldIn(west, 'a'), ...identities]).toEqual([undefined, 'Service', undefined]);
    expect(west.expire()).toBe(0);
  });
});

it('a table that had items before it was replicated sends them all', () => {
  const alone = new Database({ region: 'us-east-1', account: '000000000000', now: () => now });
  alone.call('CreateTable', { TableName, ...plainTable, ...streamed });
  put(alone, 'a', 'old');
  expect(alone.outgoing(0, 10)).toEqual([]);
  alone.replicate(TableName);
  send(alone, west);
  expect(heldIn(west, 'a')).toBe('old');
});

it('two replicas that were written in any order, sent in any order and cut in between, hold the same in the end', () => {
  const step = fc.record({
    at: fc.constantFrom(0, 1),
    what: fc.constantFrom('put', 'delete', 'send', 'lose acknowledgement'),
    pk: fc.constantFrom('a', 'b', 'c'),
    later: fc.constantFrom(0, 0, 1, 5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const replicas = [open(regions[0]), open(regions[1])] as const;
      const last = new Map<string, string>();
      steps.forEach(({ at, what, pk, later }, number) => {
        now += later;
        const [own, other] = at === 0 ? replicas : [replicas[1], replicas[0]];
        if (what === 'put') put(own, pk, String(number));
        if (what === 'delete') gone(own, pk);
        if (what === 'send') send(own, other);
        if (what === 'lose acknowledgement') other.receive(own.outgoing(0, 2));
        if (what === 'put') last.set(`${pk} ${at}`, String(number));
      });
      send(...replicas);
      send(replicas[1], replicas[0]);
      const held = replicas.map((replica) => ['a', 'b', 'c'].map((pk) => heldIn(replica, pk)));
      expect(held[0]).toEqual(held[1]);
      // What is there was written by somebody last in a region: nothing is made up, and nothing older comes back.
      for (const [index, pk] of ['a', 'b', 'c'].entries()) {
        const value = held[0]?.[index];
        const lasts = [0, 1].map((region) => last.get(`${pk} ${region}`));
        if (value !== undefined) expect(lasts).toContain(value);
      }
    }),
    { numRuns: 300 },
  );
});

it('stamps, what waits, and what was deleted survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replica-'));
  try {
    const path = join(folder, 'journal');
    const options = { region: 'us-east-1', account: '000000000000', now: () => now };
    const fail = (thrown: unknown): never => {
      throw thrown;
    };
    const before = await openJournal(path, options, fail);
    before.call('CreateTable', { TableName, ...plainTable, ...streamed });
    before.call('BeginReplication', { TableName });
    for (const pk of ['a', 'b']) before.call('PutItem', { TableName, Item: { ...key(pk), value: s('east') } });
    before.call('AcknowledgeReplication', { upTo: 1 });
    before.call('DeleteItem', { TableName, Key: key('a') });
    await before.close();
    // Once more: from the journal, and from the snapshot that replaced it.
    for (const restart of [1, 2]) {
      const again = await openJournal(path, options, fail);
      const waiting = again.database.outgoing(0, 10).map(({ keys, image }) => [keys.pk?.S, image?.value?.S]);
      expect(waiting, `restart ${restart}`).toEqual([
        ['b', 'east'],
        ['a', undefined],
      ]);
      const older = { number: 1, table: TableName, keys: key('a') as never, at: now - 1, region: 'us-west-2' };
      expect(again.database.receive([{ ...older, image: { ...key('a') } as never }])).toBe(0);
      await again.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the one who replicates', () => {
  const between = (from: Database, to: Database): ReplicationEnds => ({
    read: async (after, limit) => from.outgoing(after, limit),
    apply: async (writes) => void to.receive(writes as never),
    acknowledge: async (upTo) => from.acknowledge(upTo),
  });
  const until = async (so: () => boolean): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!so() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(so()).toBe(true);
  };

  it('sends nothing while it is cut off, and everything once that is mended, to both sides', async () => {
    const warn = (text: string) => expect.fail(text);
    const both = [
      startReplicator({ name: 'east to west', ends: between(east, west), lagMs: 1, warn }),
      startReplicator({ name: 'west to east', ends: between(west, east), lagMs: 1, warn }),
    ];
    try {
      put(east, 'a', 'before');
      await until(() => heldIn(west, 'a') === 'before');
      for (const each of both) each.cut();
      put(east, 'a', 'east');
      now += 1;
      put(west, 'a', 'west');
      put(east, 'b', 'east');
      for (const each of both) each.nudge();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect([heldIn(east, 'a'), heldIn(west, 'b')]).toEqual(['east', undefined]);
      for (const each of both) each.mend();
      await until(() => heldIn(east, 'a') === 'west' && heldIn(west, 'b') === 'east');
      expect(heldIn(west, 'a')).toBe('west');
    } finally {
      await Promise.all(both.map((each) => each.stop()));
    }
  });

  it('sends again what the other region did not take, and says once that it waits', async () => {
    const said: string[] = [];
    let isDown = true;
    const ends: ReplicationEnds = {
      ...between(east, west),
      async apply(writes) {
        if (isDown) throw new Error('connection refused');
        west.receive(writes as never);
      },
    };
    const replicator = startReplicator({ name: 'east to west', ends, lagMs: 0, warn: (text) => said.push(text) });
    try {
      put(east, 'a', 'one');
      for (let looks = 0; looks < 3; looks += 1) {
        replicator.nudge();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      isDown = false;
      await until(() => heldIn(west, 'a') === 'one');
      expect(said).toEqual(['Replication east to west waits: connection refused']);
      expect(east.outgoing(0, 10)).toEqual([]);
    } finally {
      await replicator.stop();
    }
  });
});
