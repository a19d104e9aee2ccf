// The adapter against a processor that misbehaves: whatever it sends or withholds, the fact is `unknown`, in time.

import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { testProcessor } from '../../lambdas/processors/test/processor.ts';
import { chargeOrder, modificationOrder } from './processor_process.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A raw TCP server: `speak` is called for each chunk that a connection receives. */
async function rogue(speak: (socket: Socket, chunk: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let chunk = 0;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      chunk += 1;
      speak(socket, chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const http = (status: number, body: string, length = Buffer.byteLength(body)): string =>
  `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;

const order = chargeOrder('pm_test_visa');
const good = {
  id: 'ch_1',
  reference: order.reference,
  order: order.id,
  amount: order.amount,
  currency: order.currency,
  status: 'approved',
  capture: true,
  action_url: null,
  modifications: [],
};
const unknown = { kind: 'unknown' };

describe('a rogue processor', () => {
  test('a well-formed answer is understood, in pieces too: the control of this file', async () => {
    const url = await rogue((socket) => {
      const text = http(201, JSON.stringify(good));
      socket.write(text.slice(0, 60));
      setTimeout(() => socket.write(text.slice(60)), 30);
    });
    expect(await testProcessor(url).send(order, 'k.1', 2_000)).toEqual({
      kind: 'approved',
      charge: 'ch_1',
      captured: true,
    });
  });

  const nonsense: Record<string, string> = {
    'truncated JSON': http(201, JSON.stringify(good).slice(0, 50)),
    'no JSON at all': http(201, '<html>'),
    'an empty body': http(201, ''),
    'broken UTF-8': http(201, '').replace('length: 0', 'length: 2'),
    'a redirect': 'HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n',
    'a success of the wrong kind': http(200, JSON.stringify(good)),
    'no HTTP': 'SSH-2.0-x\r\n\r\n',
    'a bare list': http(201, '[]'),
    'an amount as text': http(201, JSON.stringify({ ...good, amount: '1000' })),
    'another amount': http(201, JSON.stringify({ ...good, amount: 1 })),
    'another currency': http(201, JSON.stringify({ ...good, currency: 'USD' })),
    'another order': http(201, JSON.stringify({ ...good, order: 'pay_other' })),
    'another reference': http(201, JSON.stringify({ ...good, reference: 'pay_other' })),
    'captured where it was not asked': http(201, JSON.stringify({ ...good, capture: false })),
    'an unheard-of status': http(201, JSON.stringify({ ...good, status: 'fine' })),
    'a challenge without an address': http(201, JSON.stringify({ ...good, status: 'requires_action' })),
    'a challenge elsewhere': http(
      201,
      JSON.stringify({ ...good, status: 'requires_action', action_url: '//evil.example/actions/x' }),
    ),
    'a charge id that is a path': http(201, JSON.stringify({ ...good, id: 'ch_1/../x' })),
    '503 without a promise': http(503, '{"error":{"code":"overloaded"}}'),
    '503 with a promise as text': http(503, '{"error":{"code":"overloaded","charged":"false"}}'),
    '503 with charged null': http(503, '{"error":{"code":"overloaded","charged":null}}'),
    '500 with a promise': http(500, '{"error":{"code":"internal_error","charged":false}}'),
    '409 key in use': http(409, '{"error":{"code":"key_in_use"}}'),
    '402 without a promise': http(402, '{"error":{"code":"card_declined","decline_code":"generic_decline"}}'),
    '404 without a promise': http(404, '{"error":{"code":"not_found"}}'),
  };
  test.for(Object.entries(nonsense))('[PAY-1] %s is unknown, when sent and when looked up', async ([, text]) => {
    const adapter = testProcessor(await rogue((socket) => socket.end(text)));
    expect(await adapter.send(order, 'k.1', 2_000)).toEqual(unknown);
    expect(await adapter.lookUp(order, 2_000)).toEqual(unknown);
  });

  const lists: Record<string, unknown> = {
    'no list': {},
    'a request that still runs': { data: [], has_more: false, requests_running: 1 },
    'a list that goes on': { data: [], has_more: true, requests_running: 0 },
    'a list that does not say whether requests run': { data: [], has_more: false },
    'an entry that does not fit beside others': { data: [{ id: 'ch_1' }], has_more: false, requests_running: 0 },
  };
  test.for(Object.entries(lists))('[PAY-1] looking up, %s is unknown and never not charged', async ([, list]) => {
    const adapter = testProcessor(await rogue((socket) => socket.end(http(200, JSON.stringify(list)))));
    expect(await adapter.lookUp(order, 2_000)).toEqual(unknown);
    expect(await adapter.lookUp(modificationOrder('refund', order, 'ch_1', 5), 2_000)).toEqual(unknown);
  });

  test('[PAY-1] an answer cut off, or a connection closed without one, is unknown', async () => {
    const cut = await rogue((socket) => socket.end(http(201, JSON.stringify(good), 5_000)));
    const reset = await rogue((socket) => socket.resetAndDestroy());
    const closed = await rogue((socket) => socket.end());
    for (const url of [cut, reset, closed]) expect(await testProcessor(url).send(order, 'k.1', 2_000)).toEqual(unknown);
  });

  test('[PAY-1] a refused connection is unknown: an earlier call under the key may have arrived', async () => {
    const url = await rogue(() => {});
    for (const close of closers.splice(0)) close();
    expect(await testProcessor(url).send(order, 'k.1', 2_000)).toEqual(unknown);
    expect(await testProcessor(url).lookUp(order, 2_000)).toEqual(unknown);
  });

  test('a huge body is not read to its end', async () => {
    let written = 0;
    const url = await rogue((socket) => {
      socket.write('HTTP/1.1 201 X\r\ntransfer-encoding: chunked\r\n\r\n');
      const piece = `${(16_384).toString(16)}\r\n${' '.repeat(16_384)}\r\n`;
      const timer = setInterval(() => {
        written += 16_384;
        socket.write(piece);
      }, 2);
      socket.on('close', () => clearInterval(timer));
    });
    const start = performance.now();
    expect(await testProcessor(url).send(order, 'k.1', 120_000)).toEqual(unknown);
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(written).toBeLessThan(1024 * 1024);
  });

  test.for(['nothing at all', 'slow headers', 'a slow body'])('the deadline covers %s', async (kind) => {
    const url = await rogue((socket) => {
      if (kind === 'nothing at all') return;
      if (kind === 'a slow body') socket.write(http(201, '', 10_000));
      const timer = setInterval(() => socket.write(kind === 'slow headers' ? 'H' : ' '), 20);
      socket.on('close', () => clearInterval(timer));
      if (kind === 'slow headers') socket.write('HTTP/1.1 201 X\r\nx: ');
    });
    const start = performance.now();
    expect(await testProcessor(url).send(order, 'k.1', 300)).toEqual(unknown);
    const took = performance.now() - start;
    expect(took).toBeGreaterThan(250);
    // What drips would never end: that it ended is the rule, and a loaded machine may take its time.
    expect(took).toBeLessThan(60_000);
  });

  test('[PAY-1] a kept connection that was closed meanwhile is replaced, under the same key', async () => {
    const keys: string[] = [];
    const url = await rogue((socket, chunk) => {
      if (chunk === 1) socket.write(http(201, JSON.stringify(good)));
      else socket.resetAndDestroy();
      keys.push(`chunk ${chunk}`);
    });
    const adapter = testProcessor(url);
    expect(await adapter.send(order, 'k.1', 2_000)).toMatchObject({ kind: 'approved' });
    expect(await adapter.send(order, 'k.1', 2_000)).toMatchObject({ kind: 'approved' });
    expect(keys).toEqual(['chunk 1', 'chunk 2', 'chunk 1']);
  });

  test('an address with credentials, a query or another protocol is refused without repeating it', () => {
    for (const url of ['http://user:secret@127.0.0.1', 'http://127.0.0.1/?key=secret', 'ftp://secret', 'secret']) {
      expect(() => testProcessor(url)).toThrow(/^(?!.*secret)/);
    }
  });
});
