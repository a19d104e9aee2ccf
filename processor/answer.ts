// Reads bounded bodies and sends whole answers. A withheld answer leaves its connection open and sends nothing; it must never
// end as an error that a caller could read as "not charged".

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageHeaders } from './pages.ts';
import { bounds, timing } from './timing.ts';
import { errorView } from './views.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly withheld: boolean;
}

/** A body that is text already: a stored answer, byte for byte. */
export const stored = (status: number, body: string, withheld = false): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
  withheld,
});

export const json = (status: number, body: unknown): Answer => stored(status, JSON.stringify(body));
export const failure = (status: number, code: string): Answer => json(status, errorView(code));
export const html = (body: string): Answer => ({ status: 200, headers: pageHeaders, body, withheld: false });
export const seeOther = (location: string): Answer => ({
  status: 303,
  headers: { location },
  body: '',
  withheld: false,
});

/** Null if the body is longer than the bound. Throws if the caller went away. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed on an early return: the refusal still has to reach the caller.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > bounds.requestBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function give(response: ServerResponse, answer: Answer): void {
  if (answer.withheld) {
    const timer = setTimeout(() => response.destroy(), timing.hangMs).unref();
    response.once('close', () => clearTimeout(timer));
    return;
  }
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length, 'cache-control': 'no-store' });
  response.end(body);
}
