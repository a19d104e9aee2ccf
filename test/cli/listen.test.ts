// `strongroom listen` without a local cloud: what its receiver accepts, forwards, and refuses. It is between any program that may
// reach this machine's ports and a developer's server.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { plainLines } from '../../cli/listen/lines.ts';
import { close, open } from '../../cli/listen/port.ts';
import { createReceiver, deliveryPath, type Received } from '../../cli/listen/receiver.ts';
import { mintWebhookSecret, webhookSigner } from '../../lambdas/kernel/crypto/webhook_signature.ts';
import { listen, loopback } from '../../local/host/ports.ts';
import { vectors } from '../../sdk/vectors.ts';

const secret = mintWebhookSecret(randomBytes);
const event = { ...JSON.parse(vectors()[0]?.body ?? '{}'), data: { id: 'pay_us_1' } };
const body = Buffer.from(JSON.stringify(event));
const signed = (bytes: Buffer = body): Record<string, string> => ({
  ...webhookSigner([secret])({ id: 'evt_1', timestampSeconds: Math.floor(Date.now() / 1000), body: bytes.toString() }),
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await close(server);
  }
});
const serve = async (server: Server): Promise<number> => {
  servers.push(server);
  return listen(server, { what: 'a test' });
};

interface Got {
  readonly message: IncomingMessage;
  readonly bytes: Buffer;
}
const bytesOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A developer's server, and the receiver before it. */
const between = async (answer: (got: Got) => { status: number; headers?: Record<string, string>; body?: Buffer }) => {
  const got: Got[] = [];
  const server = createServer(async (message, response) => {
    const one = { message, bytes: await bytesOf(message) };
    got.push(one);
    const { status, headers = {}, body: back } = answer(one);
    response.writeHead(status, headers).end(back);
  });
  const target = await serve(server);
  const reported: Received[] = [];
  const forwardTo = new URL(`http://127.0.0.1:${target}/hooks?shop=1`);
  const receiver = createReceiver({
    secret: Promise.resolve(secret.reveal()),
    forwardTo,
    report: (received) => reported.push(received),
  });
  return { got, reported, server, target, port: await serve(receiver) };
};

const post = async (
  port: number,
  headers: Record<string, string>,
  bytes: Buffer = body,
  more: { readonly path?: string; readonly method?: string } = {},
): Promise<Got> => {
  const { path = deliveryPath, method = 'POST' } = more;
  const request = httpRequest({ host: loopback, port, path, method, headers, agent: false });
  request.end(bytes);
  const [message]: IncomingMessage[] = await once(request, 'response');
  if (message === undefined) throw new Error('no answer');
  return { message, bytes: await bytesOf(message) };
};

describe('[WHK-1] what is forwarded', () => {
  it('has the bytes and headers that came, but for those of the connection', async () => {
    const { got, reported, port, target } = await between(() => ({ status: 202, headers: { 'x-mine': 'a' } }));
    const headers = {
      ...signed(),
      'Content-Type': 'application/json; charset=utf-8',
      'X-Twice': 'One',
      TE: 'trailers',
    };
    const answer = await post(port, headers);
    expect([answer.message.statusCode, answer.message.headers['x-mine']]).toEqual([202, 'a']);
    const [one] = got;
    expect(one?.bytes).toEqual(body);
    expect(one?.message.url).toBe('/hooks?shop=1');
    const raw = one?.message.rawHeaders ?? [];
    const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []));
    const { TE: _, ...endToEnd } = headers;
    expect(pairs).toEqual([
      ...Object.entries(endToEnd).map(([name, value]) => `${name}: ${value}`),
      `Host: 127.0.0.1:${target}`,
      `Content-Length: ${body.length}`,
      'Connection: close',
    ]);
    expect(reported).toMatchObject([{ type: event.type, object: 'pay_us_1', attempt: 1, status: 202, verified: true }]);
    await post(port, signed());
    expect(reported.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('is reported as unsigned where its signature is not ours, and forwarded all the same', async () => {
    const { got, reported, port } = await between(() => ({ status: 400 }));
    const other = Buffer.from(body.toString().replace('payment', 'PAYMENT'));
    expect((await post(port, signed(), other)).message.statusCode).toBe(400);
    expect([got.length, reported[0]?.verified]).toEqual([1, false]);
    expect(plainLines.received(reported[0] as Received)).toContain('not signed under this secret');
  });

  it('is answered with redirects, failures and Retry-After as the server gives them', async () => {
    const { port } = await between(() => ({
      status: 503,
      headers: { 'Retry-After': '7' },
      body: Buffer.from('later'),
    }));
    const answer = await post(port, signed());
    expect([answer.message.statusCode, answer.message.headers['retry-after'], answer.bytes.toString()]).toEqual([
      503,
      '7',
      'later',
    ]);
    const moved = await between(() => ({ status: 302, headers: { Location: 'http://127.0.0.1:1/' } }));
    expect((await post(moved.port, signed())).message.statusCode).toBe(302);
  });

  it.each([
    ['refuses the connection', 502, async (server: Server) => close(server)],
    [
      'ECONNRESET',
      502,
      async (server: Server) =>
        void server.removeAllListeners('request').on('request', ({ socket }) => socket.destroy()),
    ],
  ])('to a server that %s is %i with a line that says so', async (words, status, harm) => {
    const { port, reported, server } = await between(() => ({ status: 200 }));
    await harm(server);
    const answer = await post(port, signed());
    expect(answer.message.statusCode).toBe(status);
    expect(answer.bytes.toString()).toContain(words);
    expect(reported[0]?.trouble).toContain(words);
  });
});

describe('[API-3] what is not forwarded', () => {
  it.each([
    ['a web page’s', { origin: 'https://evil.example' }, 403],
    ['one under a rebound name', { host: 'evil.example' }, 403],
    ['one under no loopback address', { host: '10.0.0.1:80' }, 403],
  ])('%s request', async (_, headers, status) => {
    const { got, reported, port } = await between(() => ({ status: 200 }));
    expect((await post(port, { ...signed(), ...headers })).message.statusCode).toBe(status);
    expect([got, reported]).toEqual([[], []]);
  });

  it('a request to another path or of another method', async () => {
    const { got, reported, port } = await between(() => ({ status: 200 }));
    expect((await post(port, signed(), body, { path: '/else' })).message.statusCode).toBe(404);
    expect((await post(port, signed(), body, { path: `${deliveryPath}/../` })).message.statusCode).toBe(404);
    expect((await post(port, signed(), body, { method: 'PUT' })).message.statusCode).toBe(404);
    expect([got, reported]).toEqual([[], []]);
  });

  it('a body of more than a megabyte', async () => {
    const { got, port } = await between(() => ({ status: 200 }));
    const outcome = await post(port, {}, Buffer.alloc(1024 * 1024 + 1)).then(
      ({ message }) => message.statusCode,
      () => 413,
    );
    expect([outcome, got]).toEqual([413, []]);
  });

  it('anything by way of another address than 127.0.0.1', async () => {
    const { port } = await between(() => ({ status: 200 }));
    const other = connect(port, '127.0.0.2');
    const [refused]: NodeJS.ErrnoException[] = await once(other, 'error');
    expect(refused?.code).toBe('ECONNREFUSED');
  });

  it('control characters, to the terminal', async () => {
    const { reported, port } = await between(() => ({ status: 200 }));
    const forged = { id: 'evt_\u001b[2J', type: 'payment.\u001b]0;x\u0007', data: { id: 'a\nb' } };
    await post(port, {}, Buffer.from(JSON.stringify(forged)));
    await post(port, {}, Buffer.from('no JSON'));
    expect(reported.map(({ id, type, object }) => [id, type, object])).toEqual([
      ['–', '–', '–'],
      ['–', '–', '–'],
    ]);
  });
});

describe('a port that is in use', () => {
  it('is reported as another listener’s, or as another program’s', async () => {
    const { port, target } = await between(() => ({ status: 200 }));
    await expect(open(createServer(), port, '/state')).rejects.toThrow(
      `strongroom listen already runs: process ${process.pid}, forwarding to http://127.0.0.1:${target}/hooks?shop=1.`,
    );
    await expect(open(createServer(), target, '/state')).rejects.toThrow(/belongs to \/state, and another program/);
  });
});
