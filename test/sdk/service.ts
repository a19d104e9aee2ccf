// A loopback service that misbehaves by a script, request by request, and keeps a ledger of what it did under which key.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StrongroomSettings, strongroom } from '../../sdk/src/index.ts';

export const key = 'sk_test_us_aaaaaaaaaaaaaaaaaaaaaaaaaa_verysecretverysecretverysecret';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Conduct = (response: ServerResponse, received: Received) => void;

export interface Service {
  readonly url: string;
  readonly received: readonly Received[];
  /** Keys under which something was done. */
  readonly ledger: ReadonlySet<string>;
  close(): void;
}

export const payment = { id: 'pay_1', object: 'payment', status: 'captured', last_error: null };

export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Conduct =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const problem = (
  status: number,
  code: string,
  headers: Record<string, string> = {},
  more: object = {},
): Conduct =>
  answer(
    status,
    { type: `/docs/errors/${code}`, title: 'Title', status, code, detail: 'Detail.', request_id: 'req-1', ...more },
    { 'Content-Type': 'application/problem+json', ...headers },
  );

const reset: Conduct = (response) => response.socket?.resetAndDestroy();

/** `lost` and `refused` do nothing; all others have done it, whatever they say. */
export const conducts = {
  ok: answer(201, payment),
  lost: reset,
  limited: problem(429, 'rate_limited', { 'Retry-After': '2' }),
  running: problem(409, 'idempotency_in_progress', { 'Retry-After': '3' }),
  'lost after': reset,
  'failed after': problem(500, 'internal_error'),
  'unavailable after': problem(503, 'unavailable', { 'Retry-After': '1' }),
  'a proxy after': answer(502, '<html>Bad gateway</html>', { 'Content-Type': 'text/html' }),
  'cut after': (response) => {
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': '500' });
    response.write(JSON.stringify(payment), () => response.socket?.destroy());
  },
  'nonsense after': answer(201, '{"id":'),
  'something else after': answer(201, { ...payment, object: 'moon' }),
} as const satisfies Record<string, Conduct>;

export type ConductName = keyof typeof conducts;

const doesNothing: readonly string[] = ['lost', 'limited', 'running'];

/** Behaves as `script` says, then as its last word. `lost` does not even read the request. */
export async function serve(script: readonly (ConductName | Conduct)[]): Promise<Service> {
  const received: Received[] = [];
  const ledger = new Set<string>();
  const server = createServer(async (request, response) => {
    const word = script[Math.min(received.length, script.length - 1)] ?? 'ok';
    const { method = '', url = '', headers } = request;
    const entry = { method, url, headers, body: '' };
    received.push(entry);
    if (word !== 'lost') for await (const chunk of request) entry.body += chunk;
    if (!doesNothing.includes(String(word))) ledger.add(String(headers['idempotency-key']));
    (typeof word === 'string' ? conducts[word] : word)(response, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    ledger,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A client of it that notes how long it would have slept. */
export function clientOf({ url }: Pick<Service, 'url'>, settings: Partial<StrongroomSettings> = {}) {
  const slept: number[] = [];
  const client = strongroom({
    key,
    baseUrl: url,
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
    },
    ...settings,
  });
  return { client, slept };
}
