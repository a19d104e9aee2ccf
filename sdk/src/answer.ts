// What an answer says. Only a success of the kind that was asked for is a reply; nothing that an answer holds may bring
// the key into an error.

import { ConnectionError, type ProblemFields, StrongroomError } from './errors.ts';
import type { ApiRequest } from './request.ts';
import type { Settings } from './settings.ts';

/** Twice the service's largest page. */
const answerBytes = 8_000_000;

/** Throws where the text is cut, too long or not UTF-8. */
export async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = response.body?.getReader();
  let text = '';
  let bytes = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.length;
    if (bytes > answerBytes) {
      await reader?.cancel();
      throw new RangeError('The answer is too long');
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The reply of a success. Throws the problem that the answer states otherwise. */
export function replyOf(
  { status, headers }: Response,
  text: string,
  settings: Settings,
  request: ApiRequest,
  idempotencyKey: string | null,
): unknown {
  if (status >= 200 && status < 300) {
    const reply = parse(text);
    if (isObject(reply) && (request.replies === undefined || reply.object === request.replies)) return reply;
    throw new ConnectionError('answer_malformed', idempotencyKey);
  }
  const hide = (said: string | null): string | null => said?.replaceAll(settings.key(), '[secret]') ?? null;
  throw new StrongroomError(problemOf(parse(hide(text) ?? '')) ?? { code: 'answer_malformed' }, {
    status,
    requestId: hide(headers.get('x-request-id')),
    idempotencyKey,
    retryAfterSeconds: secondsUntil(headers.get('retry-after'), settings.now()),
  });
}

/** RFC 9110, section 10.2.3: seconds, however many, or a date. */
function secondsUntil(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}

/** RFC 9457, as the service writes it; null: somebody else's words. */
function problemOf(value: unknown): ProblemFields | null {
  if (!isObject(value) || typeof value.code !== 'string' || typeof value.detail !== 'string') return null;
  const { errors, required_scopes } = value;
  const fits =
    (['title', 'request_id', 'base_url'] as const).every((name) =>
      ['string', 'undefined'].includes(typeof value[name]),
    ) &&
    (errors === undefined || (Array.isArray(errors) && errors.every((one) => typeof one?.detail === 'string'))) &&
    (required_scopes === undefined ||
      (Array.isArray(required_scopes) && required_scopes.every((one) => typeof one === 'string')));
  return fits ? (value as ProblemFields & typeof value) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
