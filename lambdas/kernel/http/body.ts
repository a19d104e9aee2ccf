// A request's body: the JSON object that its bytes say, and nothing that they do not. Bytes, encoding, type and text are each
// refused before anything behind them is read.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { requestLimits as limits } from '../../../contract/kernel/limits.ts';
import { Refusal } from '../domain/refusal.ts';
import { header } from './exchange.ts';
import { jsonFindings, parseJson } from './json.ts';
import { invalid, refuseAccountNumbers } from './refuse.ts';

export function bodyOf(event: APIGatewayProxyEvent): object {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limits.bodyBytes) throw new Refusal('body_too_large');
  const text = decoded(bytes);
  if (text?.trim() === '') throw new Refusal('body_required');
  refuseOtherMedia(event);
  if (text === undefined) throw new Refusal('json_malformed');
  // Before anything else is said about it, as text and as what it means: a finding might name the place by what stands there.
  refuseAccountNumbers(text);
  const parsed = parseJson(text);
  if (parsed.kind === 'malformed') throw new Refusal('json_malformed');
  const { value, unaccepted } = parsed;
  refuseAccountNumbers(value);
  if (unaccepted !== null) throw invalid([{ pointer: unaccepted.pointer, detail: jsonFindings[unaccepted.kind] }]);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([{ pointer: '', detail: 'Expected an object' }]);
  }
  return value;
}

/** The Encoding Standard's decoder. A byte order mark stays, and is no JSON (RFC 8259, 8.1). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined: the bytes are no UTF-8. To replace some of them would give two bodies one meaning. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const json = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

function refuseOtherMedia(event: APIGatewayProxyEvent): void {
  const types = header(event, 'content-type');
  if (types.length > 1) throw invalid([{ header: 'Content-Type', detail: 'Expected once' }]);
  const encoded = header(event, 'content-encoding').some((coding) => coding.trim().toLowerCase() !== 'identity');
  if (encoded || !json.test(types[0] ?? '')) throw new Refusal('media_type_unsupported');
}
