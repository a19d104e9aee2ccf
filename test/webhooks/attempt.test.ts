// One attempt at an endpoint that behaves: what is sent, what is kept of the answer, and which connection carries it.

import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { attemptLimits as limits } from '../../contract/webhooks/limits.ts';
import { attempt } from '../../lambdas/webhooks/http/attempt.ts';
import { connectionPool } from '../../lambdas/webhooks/http/connection_pool.ts';
import { delivery, endpoint, host, http, type Listener, leadingTo, listen } from './hostile/endpoint.ts';

/** An attempt at an endpoint that answers each request with the next of `texts`. */
const answeredWith = async (...texts: readonly string[]) => {
  const there = await endpoint((socket, request) => socket.write(texts[request - 1] ?? ''));
  return attempt(delivery(), connectionPool(leadingTo(there.port)));
};

describe('[WHK-1] what is sent', () => {
  test('one POST with the given headers and body, over TLS, to the host that was asked for', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port);
    const sent = delivery({ url: `https://${host}:8443/a/b?c=d` });
    expect(await attempt(sent, connectionPool(journey))).toMatchObject({ kind: 'answered', status: 200 });
    const [head, body] = there.received().split('\r\n\r\n');
    expect(head?.split('\r\n').sort()).toEqual([
      'Connection: keep-alive',
      `Host: ${host}:8443`,
      'POST /a/b?c=d HTTP/1.1',
      'accept-encoding: identity',
      'content-length: 27',
      'content-type: application/json',
      'webhook-id: evt_1',
    ]);
    expect(body).toBe('{"type":"payment.captured"}');
    expect(there.connections[0]?.servername).toBe(host);
    expect(journey.dialled).toEqual(['93.184.216.34 8443']);
  });

  test('headers cannot say another length, host or framing, nor begin a second request', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const pool = connectionPool(leadingTo(there.port));
    const headers = { 'content-length': '1', 'Transfer-Encoding': 'chunked', HOST: 'a.com', expect: '100-continue' };
    await attempt(delivery({ headers }), pool);
    expect(there.received()).toMatch(/content-length: 27\r\n/);
    expect(there.received()).toMatch(`Host: ${host}\r\n`);
    expect(there.received()).not.toMatch(/chunked|a\.com|expect/i);
    await expect(attempt(delivery({ headers: { a: 'b\r\nc: d' } }), pool)).rejects.toThrow('Invalid character');
  });

  test('an address is dialled without SNI, and its certificate must name it', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port);
    expect(await attempt(delivery({ url: 'https://93.184.216.34/' }), connectionPool(journey))).toMatchObject({
      status: 200,
    });
    expect(there.connections[0]?.servername).toBe(false);
    expect(journey.resolved).toEqual([]);
    const other = await attempt(delivery({ url: 'https://93.184.216.35/' }), connectionPool(journey));
    expect(other).toMatchObject({ kind: 'failed', reason: 'tls' });
  });
});

describe('[WHK-2] what is kept of an answer', () => {
  test.each([200, 204, 301, 400, 404, 410, 429, 500, 503, 599])('status %i is an answer', async (status) => {
    expect(await answeredWith(http(status))).toEqual({
      kind: 'answered',
      status,
      latencyMs: expect.any(Number),
      body: '',
      retryAfterSeconds: null,
    });
  });

  test('interim answers are passed over', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
    expect(await answeredWith(`${interim}${http(200, 'ok')}`)).toMatchObject({ status: 200, body: 'ok' });
  });

  test('the body is its first bytes as text, whole characters only', async () => {
    expect(await answeredWith(http(200, 'señal ✓\n\tok'))).toMatchObject({ body: 'señal ✓\n\tok' });
    const cut = await answeredWith(http(200, `a${'é'.repeat(limits.answerBodyBytes)}`));
    expect(cut).toMatchObject({ status: 200, body: `a${'é'.repeat(limits.answerBodyBytes / 2 - 1)}` });
  });

  test('a compressed body is not opened', async () => {
    const answer = await answeredWith(http(200, 'not gzip', ['content-encoding: gzip']));
    expect(answer).toMatchObject({ status: 200, body: 'not gzip' });
  });

  test('what is not text, or makes text lie, is replaced', async () => {
    const answer = await answeredWith(http(200, 'a\u{0}b\u{1b}[31mc\r\nd\u{202e}e\u{2066}f\u{200b}g\u{2028}h\u{9b}i'));
    expect(answer).toMatchObject({ body: 'a�b�[31mc�\nd�e�f�g�h�i' });
    const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n';
    const there = await endpoint((socket) =>
      socket.write(Buffer.concat([Buffer.from(bytes), Buffer.from([97, 255, 98])])),
    );
    expect(await attempt(delivery(), connectionPool(leadingTo(there.port)))).toMatchObject({ body: 'a�b' });
  });

  test('its latency is the time to its headers, as the clock saw it', async () => {
    let nowMs = 1_000;
    const there = await endpoint((socket) => {
      nowMs += 70;
      socket.write(http(200));
    });
    const pool = connectionPool({ ...leadingTo(there.port), clock: () => nowMs });
    expect(await attempt(delivery(), pool)).toMatchObject({ latencyMs: 70 });
  });
});

describe('[WHK-2] Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 12, 0, 0);
  const understood = async (value: string) => {
    const there = await endpoint((socket) => socket.write(http(503, '', [`retry-after: ${value}`])));
    const answer = await attempt(delivery(), connectionPool({ ...leadingTo(there.port), clock: () => now }));
    return answer.kind === 'answered' ? answer.retryAfterSeconds : answer;
  };

  test.each([
    ['0', 0],
    ['120', 120],
    ['0120', 120],
    ['86400', 86_400],
    ['86401', 86_400],
    ['9999999999', 86_400],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
    ['Saturday, 21-Nov-26 12:00:30 GMT', 30],
    ['Sat Nov 21 12:00:30 2026', 30],
    ['Sat Nov  7 12:00:30 2026', 0],
    ['Sat, 21 Nov 2026 11:59:30 GMT', 0],
    ['Mon, 21 Nov 2050 12:00:30 GMT', 86_400],
  ])('%j is understood as %i', async (value, expected) => {
    expect(await understood(value)).toBe(expected);
  });

  test.each([
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '99999999999',
    'soon',
    '120, 60',
    '2026-11-21T12:00:30Z',
    'Sat, 99 Nov 2026 12:00:30 GMT',
  ])('%j is nothing', async (value) => {
    expect(await understood(value)).toBeNull();
  });

  test('a date without a zone is in GMT wherever the function runs', async () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Asia/Tokyo';
    try {
      expect(new Date(now).getHours()).toBe(21);
      expect(await understood('Sat Nov 21 12:00:30 2026')).toBe(30);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe('[WHK-3] a connection that is used again', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test('attempts at one URL share it; another URL of the same host does not', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port);
    const pool = connectionPool(journey);
    for (const path of ['/a', '/a', '/b', '/a']) {
      expect(await attempt(delivery({ url: `https://${host}${path}` }), pool)).toMatchObject({ status: 200 });
      await settled();
    }
    expect(there.connections).toHaveLength(2);
    expect(journey.resolved).toEqual([host, host]);
  });

  test('its term ends: the name is resolved and checked anew, and the old connection is closed', async () => {
    let nowMs = 0;
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port, ['93.184.216.34'], ['10.0.0.1']);
    const pool = connectionPool({ ...journey, clock: () => nowMs });
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
    nowMs = limits.connectionLifetimeMs - 1;
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
    nowMs = limits.connectionLifetimeMs;
    expect(await attempt(delivery(), pool)).toMatchObject({ kind: 'refused', reason: 'address_not_public' });
    expect(journey.dialled).toEqual(['93.184.216.34 443']);
    await expect.poll(() => there.open()).toBe(0);
  });

  test('a clock that goes back ends the term too', async () => {
    let nowMs = 1_000_000;
    const there = await endpoint((socket) => socket.write(http(200)));
    const journey = leadingTo(there.port);
    const pool = connectionPool({ ...journey, clock: () => nowMs });
    await attempt(delivery(), pool);
    nowMs = 0;
    await attempt(delivery(), pool);
    expect(journey.resolved).toHaveLength(2);
  });

  test('attempts under way when the term ends are not cut; their connection ends with them', async () => {
    let nowMs = 0;
    const waiting: (() => void)[] = [];
    const there = await endpoint((socket) => waiting.push(() => socket.write(http(200))));
    const pool = connectionPool({ ...leadingTo(there.port), clock: () => nowMs });
    const first = attempt(delivery(), pool);
    await expect.poll(() => waiting.length).toBe(1);
    nowMs = limits.connectionLifetimeMs;
    const second = attempt(delivery(), pool);
    await expect.poll(() => waiting.length).toBe(2);
    for (const answer of waiting) answer();
    expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }]);
    await expect.poll(() => there.open()).toBe(1);
  });

  test('more endpoints than the limit begin a new term', async () => {
    const there = await endpoint((socket) => socket.write(http(200)));
    const pool = connectionPool(leadingTo(there.port));
    for (let n = 0; n <= limits.connectedEndpoints; n += 1) {
      expect(await attempt(delivery({ url: `https://${host}/${n}` }), pool)).toMatchObject({ status: 200 });
    }
    await expect.poll(() => there.open()).toBeLessThan(limits.connectedEndpoints);
  });

  test('one that the other side has closed is replaced, unseen', async () => {
    const there = await endpoint((socket, request) => (request === 1 ? socket.write(http(200)) : socket.destroy()));
    const journey = leadingTo(there.port);
    const pool = connectionPool(journey);
    for (let n = 0; n < 2; n += 1) {
      expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
      await settled();
    }
    expect(there.received().match(/POST/g)).toHaveLength(3);
    expect(journey.resolved).toHaveLength(2);
  });

  test('is replaced by a new one, not by another that is closed', async () => {
    const waiting: (() => void)[] = [];
    const there = await endpoint((socket, request) => {
      if (request > 1) socket.destroy();
      else if (there.connections.length > 2) socket.write(http(201));
      else waiting.push(() => socket.write(http(200)));
    });
    const pool = connectionPool(leadingTo(there.port));
    const both = [attempt(delivery(), pool), attempt(delivery(), pool)];
    await expect.poll(() => waiting.length).toBe(2);
    for (const answer of waiting) answer();
    expect(await Promise.all(both)).toMatchObject([{ status: 200 }, { status: 200 }]);
    await settled();
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 201 });
  });

  test('is replaced once: a new one that breaks too is a failure', async () => {
    const there = await endpoint((socket, request) =>
      there.connections.length === 1 && request === 1 ? socket.write(http(200)) : socket.destroy(),
    );
    const pool = connectionPool(leadingTo(there.port));
    expect(await attempt(delivery(), pool)).toMatchObject({ status: 200 });
    await settled();
    expect(await attempt(delivery(), pool)).toMatchObject({ kind: 'failed', reason: 'reset' });
    expect(there.received().match(/POST/g)).toHaveLength(3);
  });

  test('an answer that was sent ahead of its request is believed by nobody', async () => {
    const there = await endpoint((socket, request) => {
      socket.write(request === 1 ? http(500) + http(200, 'poison') : http(500));
    });
    const pool = connectionPool(leadingTo(there.port));
    for (let n = 0; n < 5; n += 1) {
      expect(await attempt(delivery(), pool)).toMatchObject({ kind: 'answered', status: 500 });
      await settled();
    }
  });
});

describe('the loopback origin of the local cloud', () => {
  const originOf = ({ port }: Listener) => `http://127.0.0.1:${port}`;

  test('is reached over plain HTTP, where it is given and nowhere else', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.end('ok');
    });
    const loopbackOrigin = originOf(await listen(server));
    const url = `${loopbackOrigin}/hooks`;
    expect(await attempt(delivery({ url, loopbackOrigin }))).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'ok',
    });
    expect(await attempt(delivery({ url }))).toMatchObject({ kind: 'refused', reason: 'not_https' });
    const redirecting = createServer((_request, response) => {
      response.writeHead(307, { location: url }).end();
    });
    const other = originOf(await listen(redirecting));
    expect(await attempt(delivery({ url: other, loopbackOrigin: other }))).toMatchObject({ status: 307 });
  });
});
