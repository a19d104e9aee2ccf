// Receives deliveries on loopback, verifies their signatures, answers challenges, forwards the rest, and reports each. It refuses what a web page in a
// browser could send: the server that receives the forwarded request may trust everything from this machine.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { webhooks } from '../../sdk/src/index.ts';
import { type Answer, forward } from './forward.ts';
import type { Listening } from './port.ts';

/** The path of the endpoint: a request to another path is no delivery. */
export const deliveryPath = '/strongroom';

export interface Received {
  readonly at: Date;
  /** The event's id; type and object as its body says. */
  readonly id: string;
  readonly type: string;
  readonly object: string;
  /** How often the event was received since we listen. */
  readonly attempt: number;
  readonly status: number;
  readonly latencyMs: number;
  /** Why the server's own answer is not here. */
  readonly trouble: string | null;
  /** Whether the signature is right under our secret. */
  readonly verified: boolean;
}

export interface ReceiverOptions {
  /** Of the endpoint; deliveries wait for it. */
  readonly secret: Promise<string>;
  /** Null: prints only, and answers 200. */
  readonly forwardTo: URL | null;
  readonly report: (received: Received) => void;
}

const limits = { bodyBytes: 1024 * 1024, eventsCounted: 10_000 } as const;

export const createReceiver = (options: ReceiverOptions): Server => {
  const attempts = new Map<string, number>();
  const count = (id: string): number => {
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.delete(id);
    attempts.set(id, attempt);
    const oldest = attempts.size > limits.eventsCounted ? attempts.keys().next().value : undefined;
    if (oldest !== undefined) attempts.delete(oldest);
    return attempt;
  };
  return createServer((request, response) => {
    receive(request, response, options, count).catch(() => response.destroy());
  });
};

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { secret, forwardTo, report }: ReceiverOptions,
  count: (id: string) => number,
): Promise<void> {
  const local = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '');
  if (request.headers.origin !== undefined || !local) return end(request, response, 403);
  if (request.method === 'GET' && request.url === '/') {
    const self: Listening = {
      listening: 'strongroom listen',
      process: process.pid,
      forward_to: forwardTo?.href ?? null,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(self));
    return;
  }
  if (request.method !== 'POST' || request.url !== deliveryPath) return end(request, response, 404);
  const at = new Date();
  const body = await bodyOf(request);
  if (body === null) return end(request, response, 413);
  const event = await webhooks.verify(body, request.headers, await secret).catch(() => undefined);
  // This machine is the developer's own: the listener consents, whether or not the server behind it can yet.
  const challenge = event && webhooks.challengeAnswer(event);
  if (challenge !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(challenge));
    return;
  }
  const verified = event !== undefined;
  const began = performance.now();
  const answer = forwardTo === null ? received : await forward(forwardTo, { rawHeaders: request.rawHeaders, body });
  const latencyMs = Math.round(performance.now() - began);
  response.writeHead(answer.status, [...answer.rawHeaders]).end(answer.body);
  const names = namesIn(body);
  const { status, trouble } = answer;
  report({ at, ...names, attempt: count(names.id), status, latencyMs, trouble, verified });
}

const received: Answer = { status: 200, rawHeaders: [], body: Buffer.alloc(0), trouble: null };

function end(request: IncomingMessage, response: ServerResponse, status: number): void {
  request.resume();
  response.writeHead(status, { connection: 'close' }).end();
}

/** Null: longer than any delivery. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** These are printed, and any process on this machine may have sent them: nothing but names and ids is let through. */
function namesIn(body: Buffer): { id: string; type: string; object: string } {
  const name = (value: unknown): string => (typeof value === 'string' && /^[\w.]{1,100}$/.test(value) ? value : '–');
  try {
    const { id, type, data } = { ...JSON.parse(body.toString()) };
    return { id: name(id), type: name(type), object: name({ ...data }.id) };
  } catch {
    return { id: '–', type: '–', object: '–' };
  }
}
