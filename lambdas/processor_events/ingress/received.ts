// The request, byte for byte, and its stored form: sealed, with the headers that its verification looked at, so that it can be
// verified again with the provider's secret. A body that holds the number of a card or a bank account is not stored.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { ingress } from '../../../contract/processor_events/ingress.ts';
import { accountNumberWithin, withheld } from '../../kernel/domain/account_number.ts';
import { Refusal } from '../../kernel/domain/refusal.ts';
import { header } from '../../kernel/http/exchange.ts';
import type { HeaderLookup } from '../../processors/notification.ts';
import { jsonOf } from '../../processors/timed_signature.ts';

/** The gateway hands text over as text, and whatever else as base64. */
export function rawBody({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer {
  const raw = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (raw.length > ingress.bodyBytes) throw new Refusal('body_too_large');
  return raw;
}

/** `seen` has every header that was asked for. One that came twice is as good as none. */
export function headersOf(event: APIGatewayProxyEvent): {
  readonly lookup: HeaderLookup;
  readonly seen: Record<string, string>;
} {
  const seen: Record<string, string> = {};
  const lookup = (name: string): string | undefined => {
    const [value, ...others] = header(event, name);
    if (value === undefined || others.length > 0) return undefined;
    seen[name] = value;
    return value;
  };
  return { lookup, seen };
}

/** The text that is sealed. */
export const storedForm = (raw: Buffer, headers: Readonly<Record<string, string>>): string =>
  JSON.stringify({ body: holdsAccountNumber(raw) ? withheld : raw.toString('base64'), headers });

const holdsAccountNumber = (raw: Buffer): boolean => accountNumberWithin([raw.toString('utf8'), jsonOf(raw)]) !== null;

export const receivedContext = (tenant: string, mode: Mode, event: string) => ({
  tenant,
  mode,
  purpose: 'provider_event',
  table: 'processor_events',
  item: event,
  field: 'received',
});
