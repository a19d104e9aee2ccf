// Endpoints at their worst: whatever they send or withhold, an attempt ends in time, in bounded memory, with an outcome.

import { connect, createServer } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { attemptLimits as limits } from '../../contract/webhooks/limits.ts';
import { type Attempted, attempt, type DeliveryRequest } from '../../lambdas/webhooks/http/attempt.ts';
import { connectionPool } from '../../lambdas/webhooks/http/connection_pool.ts';
import { authority, type Credentials, selfSigned } from './hostile/certificates.ts';
import { delivery, endpoint, host, http, leadingTo, listen, slackMs, trusted } from './hostile/endpoint.ts';

const against = async (
  speak: (socket: TLSSocket, request: number) => void,
  changes: Partial<DeliveryRequest> = {},
): Promise<Attempted & { readonly tookMs: number }> => {
  const there = await endpoint(speak);
  const startMs = performance.now();
  const outcome = await attempt(delivery(changes), connectionPool(leadingTo(there.port)));
  const tookMs = performance.now() - startMs;
  // A connection that carried what failed is never used again.
  if (outcome.kind !== 'answered' && there.received() !== '') await expect.poll(() => there.open()).toBe(0);
  return { ...outcome, tookMs };
};

/** Writes `text` again and again, as fast as it is read, until the other side hangs up. */
const flood = (socket: TLSSocket, text: string): void => {
  const write = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', write);
  write();
};
const drip = (socket: TLSSocket, text: string): void => {
  const timer = setInterval(() => socket.write(text), 20);
  socket.on('close', () => clearInterval(timer));
};

describe('[WHK-1] TLS is verified', () => {
  const withCertificate = async (credentials: Credentials, options: TlsOptions = {}): Promise<[Attempted, string]> => {
    const there = await endpoint((socket) => socket.write(http(200)), credentials, options);
    return [await attempt(delivery(), connectionPool(leadingTo(there.port))), there.received()];
  };

  test.each([
    ['another host name', () => trusted.issue(['hooks.merchant.org'])],
    ['no host name', () => trusted.issue([])],
    ['a wildcard that does not reach so far', () => trusted.issue(['*.com'])],
    ['an address instead of the name', () => trusted.issue(['93.184.216.34'])],
    ['a validity that is over', () => trusted.issue([host], [-2, -1])],
    ['a validity that has not begun', () => trusted.issue([host], [1, 2])],
    ['nobody but itself to vouch for it', () => selfSigned([host])],
    ['an authority of the same name that is not trusted', () => authority().issue([host])],
  ])('a certificate with %s: not a byte is sent', async (_what, issue) => {
    const [outcome, received] = await withCertificate(issue());
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'tls' });
    expect(received).toBe('');
  });

  test('a server that speaks no TLS 1.2 is not spoken to; one that does is', async () => {
    const outdated: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    const [old] = await withCertificate(trusted.issue([host]), outdated);
    expect(old).toMatchObject({ kind: 'failed', reason: 'tls' });
    const [current] = await withCertificate(trusted.issue([host]), { maxVersion: 'TLSv1.2' });
    expect(current).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('a server that wants a certificate of ours gets none', async () => {
    const [outcome] = await withCertificate(trusted.issue([host]), { requestCert: true });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'tls' });
  });

  test('authorities of this machine vouch for nobody here: the control of this file', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const outcome = await attempt(delivery(), connectionPool({ ...leadingTo(there.port), authorities: null }));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'tls' });
  });
});

describe('[WHK-3] time is bounded', () => {
  test.each<[string, (socket: TLSSocket) => void]>([
    ['says nothing', () => {}],
    [
      'drips its status line',
      (socket) => {
        socket.write('HTTP/1.1 200 ');
        drip(socket, 'O');
      },
    ],
    [
      'drips its headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        drip(socket, 'a: b\r\n');
      },
    ],
    ['says "continue" and no more', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
  ])('an endpoint that %s is left at the deadline', async (_what, speak) => {
    const outcome = await against(speak, { deadlineMs: 300 });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(outcome.tookMs).toBeLessThan(300 + slackMs);
    expect(outcome.latencyMs).toBeLessThan(300 + slackMs);
  });

  test('one that accepts no connection, or answers no handshake, is left at the deadline', async () => {
    const silent = await listen(createServer((socket) => socket.resume()));
    const unconnected = () => connect({ port: silent.port, host: 'never', lookup: () => {} });
    for (const journey of [leadingTo(silent.port), { ...leadingTo(1), dial: unconnected }]) {
      const outcome = await attempt(delivery({ deadlineMs: 200 }), connectionPool(journey));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
      expect(outcome.latencyMs).toBeLessThan(200 + slackMs);
    }
  });

  test('connecting is bounded, whatever the deadline, and leaves no connection', async () => {
    const silent = await listen(createServer((socket) => socket.resume()));
    const outcome = await attempt(delivery({ deadlineMs: 120_000 }), connectionPool(leadingTo(silent.port)));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(outcome.latencyMs).toBeLessThan(limits.connectMs + slackMs);
    await expect.poll(() => silent.open()).toBe(0);
  });

  test('a body that drips is cut; the status stands', async () => {
    const outcome = await against(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        drip(socket, 'x');
      },
      { deadlineMs: 120_000 },
    );
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: expect.stringMatching(/^x+$/) });
    expect(outcome.tookMs).toBeLessThan(limits.answerBodyMs + slackMs);
  });

  test('no time left is a timeout, and nothing is sent', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    for (const deadlineMs of [0, -5]) {
      const outcome = await attempt(delivery({ deadlineMs }), connectionPool(leadingTo(there.port)));
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    }
    await expect.poll(() => there.connections.length).toBe(2);
    expect(there.received()).toBe('');
  });
});

describe('[WHK-3] what is no answer', () => {
  const bytes = (text: string) => (socket: TLSSocket) => socket.end(text);
  test.each<[string, string, (socket: TLSSocket) => void]>([
    ['reset', 'a connection that ends at once', (socket) => socket.destroy()],
    ['reset', 'a connection that is closed without an answer', bytes('')],
    ['reset', 'headers that break off', bytes('HTTP/1.1 200 OK\r\ncontent-le')],
    ['protocol', 'bytes', bytes('\u{0}\u{1}\u{2}\u{3}')],
    ['protocol', 'an answer of another protocol', bytes('220 smtp.merchant.com ESMTP\r\n')],
    ['protocol', 'HTTP/0.9', bytes('<html>ok</html>')],
    ['protocol', 'a switch of protocols', bytes('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')],
    ['protocol', 'two lengths', bytes('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na')],
    [
      'protocol',
      'a length and chunks',
      bytes('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    ['protocol', 'a header with a line break in it', bytes('HTTP/1.1 200 OK\r\na: b\n c\r\u{0}\r\n\r\n')],
    ['protocol', 'status 000', bytes(http(0).replace(' 0 ', ' 000 '))],
    ['protocol', 'status 600', bytes(http(600))],
    ['protocol', 'status 999', bytes(http(999))],
    ['protocol', 'endless interim answers', (socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
    [
      'too_large_headers',
      'endless headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, `a: ${'b'.repeat(100)}\r\n`);
      },
    ],
    [
      'too_large_headers',
      'a header without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\na: ');
        flood(socket, 'b'.repeat(1_000));
      },
    ],
    [
      'too_large_headers',
      'headers beyond the limit',
      bytes(`HTTP/1.1 200 OK\r\na: ${'b'.repeat(limits.answerHeaderBytes)}\r\n\r\n`),
    ],
  ])('%s: %s', async (reason, _what, speak) => {
    expect(await against(speak)).toMatchObject({ kind: 'failed', reason });
  });

  test('a port that nobody listens on is a failure to connect', async () => {
    const there = await endpoint(() => {});
    const dial = () => connect(there.port, '127.0.0.3');
    expect(await attempt(delivery(), connectionPool({ ...leadingTo(1), dial }))).toMatchObject({
      kind: 'failed',
      reason: 'connect',
    });
  });

  test('a server that speaks no TLS is a failure of TLS', async () => {
    for (const spoken of ['HTTP/1.1 400 Bad Request\r\n\r\n', '']) {
      const plain = await listen(createServer((socket) => socket.resume().end(spoken)));
      expect(await attempt(delivery(), connectionPool(leadingTo(plain.port)))).toMatchObject({
        kind: 'failed',
        reason: 'tls',
      });
      await expect.poll(() => plain.open()).toBe(0);
    }
  });
});

describe('[WHK-3] an answer whose body misbehaves', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  test.each<[string, string, (socket: TLSSocket) => void]>([
    ['breaks off', 'some', (socket) => socket.end(`${head}content-length: 100\r\n\r\nsome`)],
    ['is no chunk', '', (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`)],
    [
      'is a chunk of the largest size',
      'some',
      (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nffffffffffff\r\nsome`),
    ],
    ['has no end that was announced', 'some', (socket) => socket.end(`${head}\r\nsome`)],
    ['is there though 204 has none', '', (socket) => socket.end('HTTP/1.1 204 OK\r\n\r\nsome')],
  ])('%s: the status stands, with what came', async (_what, body, speak) => {
    expect(await against(speak)).toMatchObject({ kind: 'answered', status: _what.includes('204') ? 204 : 200, body });
  });

  test('endless bodies are read to the limit and no further, in bounded memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const rogues = await Promise.all(
      ['', 'content-length: 9007199254740991\r\n', 'transfer-encoding: chunked\r\n'].map((kind) =>
        endpoint((socket) => {
          socket.write(`${head}${kind}\r\n`);
          flood(socket, kind.startsWith('transfer') ? `1000\r\n${'x'.repeat(4_096)}\r\n` : 'x'.repeat(4_096));
        }),
      ),
    );
    collect();
    const before = process.memoryUsage();
    for (let round = 0; round < 20; round += 1) {
      for (const there of rogues) {
        expect(await attempt(delivery(), connectionPool(leadingTo(there.port)))).toMatchObject({
          kind: 'answered',
          status: 200,
          body: 'x'.repeat(limits.answerBodyBytes),
        });
      }
    }
    for (const there of rogues) await expect.poll(() => there.open()).toBe(0);
    collect();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(8_000_000);
  });
});
