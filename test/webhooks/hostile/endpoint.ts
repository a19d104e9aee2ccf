// An endpoint on loopback that behaves as badly as a test asks, and the outside that leads to it: names resolve to public
// addresses, which are checked as ever; only the TCP connection is led here instead of there.

import { connect, type Server, type Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach } from 'vitest';
import type { DeliveryRequest } from '../../../lambdas/webhooks/http/attempt.ts';
import type { Network } from '../../../lambdas/webhooks/http/connect.ts';
import { type Authority, authority, type Credentials } from './certificates.ts';

export const host = 'hooks.merchant.com';
export const publicAddress = '93.184.216.34';
export const trusted: Authority = authority();
const good = trusted.issue([host, '*.other.com', publicAddress]);

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

export interface Listener {
  readonly port: number;
  /** TCP connections that are open. */
  open(): number;
}

/** Listens on loopback until the test ends. */
export async function listen(server: Server): Promise<Listener> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, open: () => [...sockets].filter((socket) => !socket.destroyed).length };
}

export interface Endpoint extends Listener {
  /** TLS connections so far. */
  readonly connections: readonly TLSSocket[];
  /** Over all connections. */
  received(): string;
}

/** `speak` is called for each request that a connection has received whole: its body ends in "}". */
export async function endpoint(
  speak: (socket: TLSSocket, request: number) => void,
  credentials: Credentials = good,
  options: TlsOptions = {},
): Promise<Endpoint> {
  const connections: TLSSocket[] = [];
  const chunks: Buffer[] = [];
  const server = createServer({ ...credentials, ...options }, (socket) => {
    connections.push(socket);
    let request = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (chunk.at(-1) !== 0x7d) return;
      request += 1;
      speak(socket, request);
    });
  });
  server.on('tlsClientError', () => {});
  const listener = await listen(server);
  return { ...listener, connections, received: () => Buffer.concat(chunks).toString('latin1') };
}

export interface Journey extends Network {
  /** Names that were resolved, and addresses that were dialled, in order. */
  readonly resolved: string[];
  readonly dialled: string[];
}

/** `answers`: what the resolver says at its first, second … call; its last answer stands. */
export function leadingTo(port: number, ...answers: readonly (readonly string[])[]): Journey {
  const resolved: string[] = [];
  const dialled: string[] = [];
  return {
    clock: Date.now,
    resolved,
    dialled,
    resolve: async (name) => {
      resolved.push(name);
      return answers[Math.min(resolved.length, answers.length) - 1] ?? [publicAddress];
    },
    dial: (addresses, asked) => {
      dialled.push(...addresses.map((address) => `${address} ${asked}`));
      return connect(port, '127.0.0.1');
    },
    authorities: trusted.cert,
  };
}

export const delivery = (changes: Partial<DeliveryRequest> = {}): DeliveryRequest => ({
  url: `https://${host}/strongroom`,
  headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
  body: Buffer.from('{"type":"payment.captured"}'),
  deadlineMs: 5_000,
  ...changes,
});

/** By so much may a loaded machine be late; what is never ended is later than that. */
export const slackMs = 30_000;

export const http = (status: number, body = '', headers: readonly string[] = []): string =>
  [`HTTP/1.1 ${status} X`, `content-length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n');
