// One HTTP request as API Gateway sees it, parsed without trusting anything in it. A request target that can't be
// decoded is `undefined`, never an exception.

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Pairs = readonly (readonly [name: string, value: string])[];

/** What is read of a request; also what can be said of one that could not be parsed. */
export type Incoming = Pick<IncomingMessage, 'url' | 'method' | 'rawHeaders' | 'headers' | 'socket' | 'httpVersion'>;

export interface GatewayRequest {
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  readonly method: string;
  /** As sent, percent-encoded, without query. */
  readonly path: string;
  readonly query: Pairs;
  /** Names as sent. */
  readonly headers: Pairs;
  readonly sourceIp: string;
  readonly userAgent: string | null;
  readonly protocol: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const parseQuery = (text: string): Pairs | undefined => {
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode((equals < 0 ? part : part.slice(0, equals)).replaceAll('+', ' '));
    const value = decode(equals < 0 ? '' : part.slice(equals + 1).replaceAll('+', ' '));
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
};

/** Headers that concern one connection only (RFC 9110, 7.6.1) never reach a function. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

const headerPairs = (request: Incoming, sourceIp: string, traceId: string): Pairs => {
  const pairs: [string, string][] = [];
  const { rawHeaders } = request;
  let forwardedFor = '';
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'x-forwarded-for') forwardedFor = `${value}, `;
    if (hopByHop.has(lower) || lower.startsWith('x-forwarded-') || lower === 'x-amzn-trace-id') continue;
    pairs.push([name, value]);
  }
  pairs.push(
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', `${forwardedFor}${sourceIp}`],
    ['X-Forwarded-Port', String(request.socket.localPort ?? '')],
    ['X-Forwarded-Proto', 'http'],
  );
  return pairs;
};

/** The request, and whether its target could be decoded. */
export const readRequest = (request: Incoming): { readonly request: GatewayRequest; readonly wellFormed: boolean } => {
  // An absolute form (RFC 9112, 3.2.2) names the host as well, which says nothing here.
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? [] : parseQuery(target.slice(mark + 1));
  const sourceIp = (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  const now = Date.now();
  const traceId = `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return {
    wellFormed: path.startsWith('/') && decode(path) !== undefined && query !== undefined,
    request: {
      requestId: randomUUID(),
      extendedRequestId: randomBytes(11).toString('base64'),
      traceId,
      method: request.method ?? 'GET',
      path,
      query: query ?? [],
      headers: headerPairs(request, sourceIp, traceId),
      sourceIp,
      userAgent: request.headers['user-agent'] ?? null,
      protocol: `HTTP/${request.httpVersion}`,
      receivedAt: now,
    },
  };
};

/** The last value of each name, as `headers` and `queryStringParameters` hold it. */
export const single = (pairs: Pairs): Record<string, string> | null =>
  pairs.length === 0 ? null : Object.fromEntries(pairs);

/** All values of each name. */
export const multiple = (pairs: Pairs): Record<string, string[]> | null => {
  if (pairs.length === 0) return null;
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
};
