// The test processor over HTTP, for the loopback interface only. It stands for a real processor and keeps its own
// ledger; Strongroom must never report to it what it thinks happened. routes.ts says what it answers.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Answer, failure, give, readBody } from './answer.ts';
import type { TestProcessor } from './processor.ts';
import { answer } from './routes.ts';
import { timing } from './timing.ts';

export function processorServer(processor: TestProcessor, keyLifetimeMs: number): Server {
  return createServer({ keepAliveTimeout: timing.keepAliveMs }, (request, response) => {
    received(processor, keyLifetimeMs, request).then(
      (given) => give(response, given),
      () => response.destroy(),
    );
  });
}

async function received(processor: TestProcessor, keyLifetimeMs: number, request: IncomingMessage): Promise<Answer> {
  const foreign = refuseForeign(request);
  if (foreign !== null) return foreign;
  const { method = '', url = '/', headers } = request;
  const key = headers['idempotency-key'];
  let read = false;
  const given = await answer(processor, keyLifetimeMs, {
    method,
    url,
    key: typeof key === 'string' ? key : undefined,
    person: (headers.accept ?? '').includes('text/html'),
    body() {
      read = true;
      return readBody(request);
    },
  });
  if (!read) request.resume();
  return given;
}

/** A page of another site, open in the developer's browser, must neither read nor press buttons here. */
function refuseForeign(request: IncomingMessage): Answer | null {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return failure(421, 'not_loopback');
  const site = request.headers['sec-fetch-site'];
  const sameSite = site === undefined || site === 'same-origin' || site === 'none';
  return request.method === 'GET' || sameSite ? null : failure(403, 'cross_site_request');
}
