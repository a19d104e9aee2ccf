// One bounded HTTP exchange over node:http (global fetch would load undici: 26 ms of cold start; so would an unbundled
// import of node:http). Whatever keeps a whole, well-formed answer from arriving is `null`; it must never be told apart
// as "not charged", because an earlier call under the same key may have arrived, whatever happened to this one (a
// refused connection included).

import * as http from 'node:http';
import * as https from 'node:https';
import { testProcessorLimits as limits } from '../../../contract/limits.ts';

interface Connection {
  /** Ends in a slash: paths are relative to it. */
  readonly base: URL;
  readonly request: typeof http.request;
  readonly agent: http.Agent;
}

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly key?: string;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  /** Parsed JSON, not yet a known shape. */
  readonly body: unknown;
}

/** One exchange of a conversation; null: no whole answer came before the conversation's end. */
export type Exchange = (path: string, asked: Asked) => Promise<Reply | null>;

/** The way to the processor. */
export interface Transport {
  /** Ends in a slash: paths are relative to it. */
  readonly base: URL;
  /** Opens a conversation that ends after `deadlineMs`, however many exchanges it has. */
  converse(deadlineMs: number): Exchange;
}

/** Over HTTP. Throws on a base URL that is no plain http(s) URL: configuration, not an outcome. */
export function httpTransport(baseUrl: string): Transport {
  const connection = connect(baseUrl);
  return {
    base: connection.base,
    converse(deadlineMs) {
      const signal = AbortSignal.timeout(deadlineMs);
      return (path, asked) => exchange(connection, path, asked, signal);
    },
  };
}

function connect(baseUrl: string): Connection {
  const base = URL.parse(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const plain = base !== null && base.username === '' && base.password === '' && base.search === '' && base.hash === '';
  if (!plain || !['http:', 'https:'].includes(base.protocol)) {
    throw new TypeError('The address of the test processor must be an http(s) URL without credentials or query');
  }
  const { Agent, request } = base.protocol === 'https:' ? https : http;
  return { base, request, agent: new Agent({ keepAlive: true, maxFreeSockets: limits.idleConnections }) };
}

/** `signal` covers connecting, headers and body. */
async function exchange(
  connection: Connection,
  path: string,
  asked: Asked,
  signal: AbortSignal,
): Promise<Reply | null> {
  const content = asked.body === undefined ? null : Buffer.from(JSON.stringify(asked.body));
  const headers: http.OutgoingHttpHeaders = { accept: 'application/json' };
  if (asked.key !== undefined) headers['idempotency-key'] = asked.key;
  if (content !== null) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = content.length;
  }
  const url = new URL(path, connection.base);
  const attempt = (agent: http.Agent | false): Promise<Outcome> => {
    if (signal.aborted) return Promise.resolve('no_answer');
    const request = connection.request(url, { method: asked.method, headers, agent, signal });
    const outcome = outcomeOf(request);
    request.end(content ?? undefined);
    return outcome;
  };
  // A frozen function wakes up with connections that the other side closed long ago. Sending the same bytes under the
  // same key once more is safe and spares the merchant a `processing`.
  const first = await attempt(connection.agent);
  const outcome = first === 'stale_connection' ? await attempt(false) : first;
  return typeof outcome === 'string' ? null : outcome;
}

type Outcome = Reply | 'stale_connection' | 'no_answer';

function outcomeOf(request: http.ClientRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    let spoken = false;
    request.on('error', (error: NodeJS.ErrnoException) => {
      const closed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      resolve(closed && request.reusedSocket && !spoken ? 'stale_connection' : 'no_answer');
    });
    // Also comes at the end of every good answer, perhaps before its last bytes are read.
    request.on('close', () => spoken || resolve('no_answer'));
    request.on('response', (response) => {
      spoken = true;
      readReply(response).then(resolve, () => resolve('no_answer'));
    });
  });
}

async function readReply(response: http.IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > limits.responseBytes) return 'no_answer';
    chunks.push(chunk);
  }
  if (!response.complete || response.statusCode === undefined) return 'no_answer';
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  return { status: response.statusCode, body: JSON.parse(text) };
}
