// One attempt: one request, and its whole answer within a bounded time, or an error that says what is known. The key
// goes to the base URL alone; no redirect is followed.

import { replyOf, textOf } from './answer.ts';
import { ConnectionError, StrongroomError } from './errors.ts';
import type { ApiRequest } from './request.ts';
import type { Settings } from './settings.ts';

/** The reply. Throws a StrongroomError, a ConnectionError, or the reason of `signal`. */
export async function attempt(
  settings: Settings,
  request: ApiRequest,
  idempotencyKey: string | null,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  signal?.throwIfAborted();
  const url = urlOf(settings, request);
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  // By hand: the timer of AbortSignal.timeout would outlive a quick answer.
  const end = new AbortController();
  const cancel = () => end.abort();
  const timer = setTimeout(cancel, timeoutMs);
  signal?.addEventListener('abort', cancel);
  try {
    const response = await settings.fetch(url, {
      method: request.method,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${settings.key()}`,
        'User-Agent': settings.userAgent,
        ...(body !== null && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== null && { 'Idempotency-Key': idempotencyKey }),
      },
      body,
      // Cloudflare Workers know no 'error' (read 2026-11); a redirect is then an answer that is not the service's.
      redirect: 'manual',
      signal: end.signal,
    });
    return replyOf(response, await textOf(response), settings, request, idempotencyKey);
  } catch (thrown) {
    if (thrown instanceof StrongroomError || thrown instanceof ConnectionError) throw thrown;
    signal?.throwIfAborted();
    throw new ConnectionError(end.signal.aborted ? 'timed_out' : 'no_answer', idempotencyKey, reasonOf(thrown));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function urlOf({ baseUrl }: Settings, { path, query = {} }: ApiRequest): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return baseUrl + path + (text === '' ? '' : `?${text}`);
}

/** The system's code, such as ECONNREFUSED. What was thrown may hold the request, and so the key: it goes no further. */
function reasonOf(thrown: unknown): string | null {
  const { cause, code } = thrown as { cause?: { code?: unknown }; code?: unknown };
  const reason = cause?.code ?? code;
  return typeof reason === 'string' && /^[A-Z][A-Z_]{1,40}$/.test(reason) ? reason : null;
}
