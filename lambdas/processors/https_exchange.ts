// One bounded exchange with a provider over node:http(s) (global fetch would load undici: 26 ms of cold start; so would an
// unbundled import of node:http). Without a whole, well-formed answer the result is `null`, never "not charged": an earlier call
// under the same key may have arrived, whatever happened to this one (a refused connection included).

import * as http from 'node:http';
import * as https from 'node:https';

export interface Bounds {
  readonly responseBytes: number;
  /** Idle connections that are kept for the next order. */
  readonly idleConnections: number;
}

export interface Content {
  readonly type: 'application/json' | 'application/x-www-form-urlencoded';
  readonly text: string;
}

/** A POST must be safe to repeat: it may be sent twice over a stale connection. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: Content;
}

export interface Reply {
  readonly status: number;
  /** Parsed JSON, not yet a known shape. */
  readonly body: unknown;
  /** The same request may have arrived before, on a connection that broke: a refusal says nothing of that one. */
  readonly resent?: true;
}

/** One exchange of a conversation; null: no whole answer came before the conversation's end. */
export type Exchange = (path: string, request: Request) => Promise<Reply | null>;

/** The way to a provider. */
export interface Transport {
  /** Ends in a slash: paths are relative to it. */
  readonly base: URL;
  /** Opens a conversation that ends after `deadlineMs`, however many exchanges it has. */
  converse(deadlineMs: number): Exchange;
}

type Protocol = 'http:' | 'https:';

/** Throws on anything but a plain https URL: configuration, not an outcome. */
export const httpsTransport = (baseUrl: string, bounds: Bounds): Transport => transport(baseUrl, bounds, ['https:']);

/** For what stands in for a provider on the same machine; another host throws. */
export function loopbackTransport(baseUrl: string, bounds: Bounds): Transport {
  const made = transport(baseUrl, bounds, ['http:', 'https:']);
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(made.base.hostname)) throw new TypeError('Not a loopback address');
  return made;
}

export function transport(baseUrl: string, bounds: Bounds, protocols: readonly Protocol[]): Transport {
  const base = URL.parse(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const plain = base !== null && base.username === '' && base.password === '' && base.search === '' && base.hash === '';
  if (!plain || !(protocols as readonly string[]).includes(base.protocol)) {
    throw new TypeError(
      `A provider's address must be a URL without credentials or query, and start ${protocols.join(' or ')}`,
    );
  }
  const { Agent, request } = base.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: bounds.idleConnections });
  return {
    base,
    converse(deadlineMs) {
      // Covers connecting, headers and body.
      const signal = AbortSignal.timeout(deadlineMs);
      return (path, asked) =>
        exchange((using) => {
          const headers: http.OutgoingHttpHeaders = { accept: 'application/json', ...asked.headers };
          if (asked.content !== undefined) {
            headers['content-type'] = asked.content.type;
            headers['content-length'] = Buffer.byteLength(asked.content.text);
          }
          const sent = request(new URL(path, base), { method: asked.method, headers, agent: using ?? agent, signal });
          const outcome = outcomeOf(sent, bounds.responseBytes);
          sent.end(asked.content?.text);
          return outcome;
        }, signal);
    },
  };
}

type Outcome = Reply | 'stale_connection' | 'no_answer';

async function exchange(attempt: (agent?: false) => Promise<Outcome>, signal: AbortSignal): Promise<Reply | null> {
  if (signal.aborted) return null;
  // A frozen function wakes up with connections that the other side closed long ago. Sending the same bytes under the
  // same key once more is safe and spares the merchant a `processing`.
  const first = await attempt();
  const again = first === 'stale_connection' && !signal.aborted;
  const outcome = again ? await attempt(false) : first;
  if (typeof outcome === 'string') return null;
  return again ? { ...outcome, resent: true } : outcome;
}

function outcomeOf(request: http.ClientRequest, responseBytes: number): Promise<Outcome> {
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
      readReply(response, responseBytes).then(resolve, () => resolve('no_answer'));
    });
  });
}

async function readReply(response: http.IncomingMessage, responseBytes: number): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > responseBytes) return 'no_answer';
    chunks.push(chunk);
  }
  if (!response.complete || response.statusCode === undefined) return 'no_answer';
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  return { status: response.statusCode, body: JSON.parse(text) };
}
