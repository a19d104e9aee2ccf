// A loopback HTTP server that stands in for a provider: it answers as `answer` says, and loses requests or answers on demand.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Given {
  readonly status: number;
  readonly body: unknown;
}

/** What happens to the next POST: lost before it does anything, or its answer lost after it did all. */
export type Loss = 'request' | 'answer';

export interface ProviderServer {
  readonly url: string;
  readonly calls: Call[];
  readonly losses: Loss[];
  stop(): Promise<void>;
}

export async function providerServer(answer: (call: Call) => Promise<Given> | Given): Promise<ProviderServer> {
  const calls: Call[] = [];
  const losses: Loss[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { method = '', headers } = request;
    const call: Call = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: Buffer.concat(chunks).toString(),
    };
    calls.push(call);
    const loss = method === 'POST' ? losses.shift() : undefined;
    if (loss === 'request') return void response.destroy();
    const { status, body } = await answer(call);
    if (loss === 'answer') return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    losses,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Idempotency keys as providers have them: the first request's answer is repeated; another body, or a request that runs, is refused. */
export class IdempotencyKeys {
  readonly #requests = new Map<string, { readonly request: string; readonly given: Promise<Given>; done: boolean }>();

  async under(
    key: string,
    request: string,
    serve: () => Promise<Given>,
    refuse: (why: 'other' | 'running') => Given,
  ): Promise<Given> {
    const known = this.#requests.get(key);
    if (known !== undefined && known.request !== request) return refuse('other');
    if (known !== undefined) return known.done ? known.given : refuse('running');
    const first = { request, given: serve(), done: false };
    this.#requests.set(key, first);
    await first.given;
    first.done = true;
    return first.given;
  }
}
