// The in-memory engine as the local cloud's: what it has acknowledged is there after any end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngineClient, type EngineClient } from '../../local/dynamodb/client.ts';
import { chooseEngine, type Engine, startEngine } from '../../local/dynamodb/engine.ts';
import { type Journal, openJournal } from '../../local/dynamodb/memory/journal.ts';
import { claimPort } from '../../local/host/ports.ts';
import { openState } from '../../local/storage/state.ts';
import { b, type Item, key, n, plainTable, s } from './dynamodb/rows.ts';

const TableName = 'table';
const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } };

const call = (client: EngineClient, operation: string, input: object): Promise<unknown> =>
  client.call(`DynamoDB_20120810.${operation}`, { TableName, ...input });

describe('the in-memory engine as a process', () => {
  it('loses nothing that it has acknowledged when it is killed in the middle of its work', async () => {
    const journal = join(mkdtempSync(join(tmpdir(), 'dynamodb-')), 'journal');
    const main = fileURLToPath(new URL('../../local/dynamodb/memory/main.ts', import.meta.url));
    const start = async () => {
      const port = await claimPort({ what: 'the engine' });
      const args = [main, '--port', String(port), '--region', 'us-east-1', '--journal', journal];
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      const client = createEngineClient(port, 'us-east-1');
      const answers = () => client.call('DynamoDB_20120810.ListTables', {});
      await expect.poll(answers).toBeDefined();
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      };
      return { client, kill };
    };

    const first = await start();
    await call(first.client, 'CreateTable', { ...plainTable, ...stream });
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let at = 0; ; at += 1) {
        await call(first.client, 'PutItem', { Item: key(`writer${writer}`, String(at)) });
        acknowledged.push(`writer${writer}/${at}`);
      }
    });
    const ended = Promise.allSettled(writers);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(8);
    await first.kill();
    await ended;

    const second = await start();
    const { Items } = (await call(second.client, 'Scan', {})) as { Items: Item[] };
    await second.kill();
    const found = new Set(Items.map(({ pk, sk }) => `${pk?.S}/${sk?.S}`));
    expect(acknowledged.filter((each) => !found.has(each))).toEqual([]);
  });

  it('ends in order when it is asked to, and goes on where it was', async () => {
    const state = await openState(mkdtempSync(join(tmpdir(), 'dynamodb-')));
    const start = (): Promise<Engine> => startEngine('us', 'us-east-1', state, chooseEngine('memory'));
    const arn = async ({ client }: Engine): Promise<string> => {
      const { Table } = (await call(client, 'DescribeTable', {})) as { Table: { LatestStreamArn: string } };
      return Table.LatestStreamArn;
    };
    const item = { ...key('a'), bin: { B: 'AAEC' } };
    const first = await start();
    await call(first.client, 'CreateTable', { ...plainTable, ...stream });
    await call(first.client, 'PutItem', { Item: item });
    const before = await arn(first);
    await first.stop();
    expect(await first.ended).toBe('exit code 0');
    const second = await start();
    expect(await arn(second)).toBe(before);
    expect(await call(second.client, 'GetItem', { Key: key('a') })).toEqual({ Item: item });
    await second.stop();
  });
});

describe('the journal', () => {
  let path: string;
  let now: number;
  let journal: Journal;
  const open = (): Promise<Journal> =>
    openJournal(path, { region: 'us-east-1', account: '000000000000', now: () => now }, () => {});
  const reopen = async (): Promise<void> => {
    await journal.close();
    journal = await open();
  };
  const put = (item: Item) => journal.call('PutItem', { TableName, Item: item });

  beforeEach(async () => {
    path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal');
    now = Date.UTC(2026, 0, 1);
    journal = await open();
    journal.call('CreateTable', { TableName, ...plainTable, ...stream });
  });
  afterEach(() => journal.close());

  it('brings back items, streams, tokens, expiry and the position, from calls and from a snapshot', async () => {
    journal.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
    const add = { Key: key('n'), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': n(1) } };
    const transaction = { ClientRequestToken: 'token', TransactItems: [{ Update: { TableName, ...add } }] };
    put({ ...key('a'), bin: b(0, 255), ns: { NS: ['1', '2'] } });
    put({ ...key('old'), ttl: n(now / 1000 + 5) });
    put({ ...key('young'), ttl: n(now / 1000 + 100_000) });
    journal.call('TransactWriteItems', transaction);
    now += 10_000;
    journal.expire();
    await journal.settled();
    const items = () =>
      [...journal.database.items(TableName)].sort((one, other) => ((one.pk?.S ?? '') < (other.pk?.S ?? '') ? -1 : 1));
    const all = () => ({
      items: items(),
      records: journal.database.stream(TableName),
      position: journal.database.position,
      described: journal.call('DescribeTable', { TableName }),
    });
    const before = all();
    expect(before.records).toHaveLength(5);
    // Once from the calls, once from the snapshot that the first start has made of them.
    for (let start = 0; start < 2; start += 1) {
      await reopen();
      expect(all()).toEqual(before);
    }
    journal.call('TransactWriteItems', transaction);
    expect(journal.call('GetItem', { TableName, Key: key('n') })).toEqual({ Item: { ...key('n'), n: n(1) } });
    now += 100_000_000;
    journal.expire();
    expect(journal.call('GetItem', { TableName, Key: key('young') })).toEqual({});
  });

  it('holds nothing of reads and refusals', async () => {
    put(key('a'));
    await journal.settled();
    const { size } = statSync(path);
    journal.call('GetItem', { TableName, Key: key('a') });
    expect(() =>
      journal.call('PutItem', { TableName, Item: key('a'), ConditionExpression: 'attribute_exists(x)' }),
    ).toThrow();
    await journal.settled();
    expect(statSync(path).size).toBe(size);
  });

  it('drops a last line that was cut short', async () => {
    put(key('a'));
    await journal.close();
    appendFileSync(path, '{"at":1,"operation":"PutItem","input":{"TableName":"ta');
    journal = await open();
    expect([...journal.database.items(TableName)]).toEqual([key('a')]);
    put(key('b'));
    await reopen();
    expect([...journal.database.items(TableName)]).toHaveLength(2);
  });

  it('refuses to start from a file with another line that can’t be read', async () => {
    put(key('a'));
    await journal.settled();
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `nonsense\n${text}`);
    await expect(open()).rejects.toThrow(/Line 1 of .* can't be read/);
  });

  it('grows by what is written, and shrinks to what is there at the next start', async () => {
    for (let at = 0; at < 200; at += 1) put({ ...key('a'), n: n(at), text: s('x'.repeat(100)) });
    await journal.settled();
    const { size } = statSync(path);
    now += 25 * 60 * 60_000;
    await reopen();
    expect(statSync(path).size).toBeLessThan(size / 20);
    expect(journal.call('GetItem', { TableName, Key: key('a') })).toMatchObject({ Item: { n: n(199) } });
  });
});
