// One attempt to deliver a webhook: a POST that ends within its deadline and never reaches an address that is not public.
// It follows no redirect (a 3xx is an answer) and uses no proxy; what an outcome means is decided elsewhere.

import * as http from 'node:http';
import * as https from 'node:https';
import type { UrlRefusal } from '../../../contract/webhooks/endpoint_url.ts';
import { attemptLimits as limits } from '../../../contract/webhooks/limits.ts';
import { type Answered, readAnswer } from './answer.ts';
import { type ConnectFailure, NotConnected } from './connect.ts';
import { type ConnectionPool, connectionPool } from './connection_pool.ts';
import { checkEndpointUrl } from './endpoint_url.ts';

export interface DeliveryRequest {
  readonly url: string;
  /** Those that frame the request are left out: they are not the caller's to say. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For everything: resolving, connecting, the answer's headers and body. */
  readonly deadlineMs: number;
  /** Set in the local cloud alone (endpoint_url.ts). */
  readonly loopbackOrigin?: string | undefined;
}

export type AttemptFailure =
  | Exclude<ConnectFailure, 'address_not_public'>
  /** The connection ended before the answer's headers did. */
  | 'reset'
  /** What came is no HTTP/1.1. */
  | 'protocol'
  | 'too_large_headers';

export type Attempted =
  | Answered
  /** Nothing was connected to. */
  | { readonly kind: 'refused'; readonly reason: UrlRefusal; readonly latencyMs: number }
  | { readonly kind: 'failed'; readonly reason: AttemptFailure; readonly latencyMs: number };

const internetPool = /* @__PURE__ */ connectionPool();

export async function attempt(delivery: DeliveryRequest, pool: ConnectionPool = internetPool): Promise<Attempted> {
  const startMs = pool.clock();
  const elapsedMs = () => Math.max(0, pool.clock() - startMs);
  const checked = checkEndpointUrl(delivery.url, delivery.loopbackOrigin);
  if (checked.kind === 'refused') return { ...checked, latencyMs: elapsedMs() };
  const signal = AbortSignal.timeout(Math.max(0, delivery.deadlineMs));
  const send = async (agent: http.Agent): Promise<Answered | Error> => {
    const answer = await post(checked.url, delivery, agent, signal);
    return answer instanceof Error ? answer : readAnswer(answer, elapsedMs(), pool.clock());
  };
  const first = await send(pool.reusable(checked.url));
  // A frozen function wakes up with connections that the other side closed long ago. The same bytes under the same id
  // may be sent again: receivers know a delivery by its id.
  const stale = first instanceof StaleConnection && !signal.aborted;
  const outcome = stale ? await send(pool.fresh(checked.url)) : first;
  if (!(outcome instanceof Error)) return outcome;
  const reason = signal.aborted ? 'timeout' : reasonOf(outcome);
  return reason === 'address_not_public'
    ? { kind: 'refused', reason, latencyMs: elapsedMs() }
    : { kind: 'failed', reason, latencyMs: elapsedMs() };
}

class StaleConnection extends Error {}

/** The answer with its headers read, or what kept it from coming. Throws only if `headers` cannot be sent at all. */
function post(
  url: URL,
  { headers, body }: DeliveryRequest,
  agent: http.Agent,
  signal: AbortSignal,
): Promise<http.IncomingMessage | Error> {
  const { request: open } = url.protocol === 'https:' ? https : http;
  const allowed = Object.entries(headers).filter(([name]) => !framing.has(name.toLowerCase()));
  const request = open(url, {
    method: 'POST',
    agent,
    signal,
    headers: { ...Object.fromEntries(allowed), 'content-length': body.byteLength, 'accept-encoding': 'identity' },
    maxHeaderSize: limits.answerHeaderBytes,
    insecureHTTPParser: false,
  });
  return new Promise((resolve) => {
    let interim = 0;
    request.on('information', () => {
      interim += 1;
      if (interim > limits.interimAnswers) request.destroy(new Error('too many interim answers'));
    });
    request.on('response', (response) => {
      if (isFinal(response.statusCode)) resolve(response);
      else request.destroy(new Error('no final status'));
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve(request.reusedSocket && isReset(error) ? new StaleConnection() : error),
    );
    // Comes alone when the other side switches protocols.
    request.on('close', () => resolve(new Error('closed without an answer')));
    // Until it has a connection, a request that is aborted says nothing.
    signal.addEventListener('abort', () => resolve(new Error('timeout')));
    request.end(body);
  });
}

/** Headers that say how the rest is to be read, or by whom: they are ours alone (RFC 9110, RFC 9112). */
const framing: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** RFC 9110 (15): what is outside has no meaning. */
const isFinal = (status = 0): boolean => status >= 200 && status <= 599;

const isReset = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNRESET' || code === 'EPIPE';

function reasonOf(error: NodeJS.ErrnoException): AttemptFailure | 'address_not_public' {
  if (error instanceof NotConnected) return error.reason;
  if (isReset(error)) return 'reset';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'too_large_headers';
  // TLS 1.3 lets a server refuse us after our handshake is done (a client certificate that it wants).
  return error.code?.startsWith('ERR_SSL_') ? 'tls' : 'protocol';
}
