// Whether a text may be an endpoint's URL, and which: decided when an endpoint is made or changed and again before each
// attempt, without a network. What a name resolves to is checked at connect (connect.ts).

import { isIP } from 'node:net';
import { endpointUrlLimits as limits, type UrlRefusal } from '../../../contract/webhooks/endpoint_url.ts';
import { isPublicAddress } from './address.ts';
import { specialUseLabels } from './special_use_names.ts';

/** `url` is normalised (WHATWG URL: punycode, lower case, default port left out): store its `href`, not the text. */
export type CheckedUrl =
  | { readonly kind: 'accepted'; readonly url: URL }
  | { readonly kind: 'refused'; readonly reason: UrlRefusal };

/**
 * `loopbackOrigin` exists in the local cloud alone: the origin "http://127.0.0.1:<port>" that test-mode endpoints may
 * have. Any other value of it allows nothing.
 */
export function checkEndpointUrl(text: string, loopbackOrigin?: string): CheckedUrl {
  if (text.length > limits.urlChars) return { kind: 'refused', reason: 'too_long' };
  // URL parsing would drop spaces and line breaks, and read a backslash as a slash.
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (url === null) return { kind: 'refused', reason: 'malformed' };
  const reason = objection(url, loopbackOrigin);
  return reason === null ? { kind: 'accepted', url } : { kind: 'refused', reason };
}

/** The host without the brackets of an IPv6 literal. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

function objection(url: URL, loopbackOrigin: string | undefined): UrlRefusal | null {
  if (url.href.length > limits.urlChars) return 'too_long';
  if (url.username !== '' || url.password !== '') return 'user_info';
  if (url.href.includes('#')) return 'fragment';
  if (isLoopbackOrigin(loopbackOrigin) && url.origin === loopbackOrigin) return null;
  if (url.protocol !== 'https:') return 'not_https';
  const host = hostOf(url);
  const against = isIP(host) === 0 ? objectionToName(host) : isPublicAddress(host) ? null : 'address_not_public';
  if (against !== null) return against;
  return limits.ports.some((port) => port === Number(url.port || 443)) ? null : 'port';
}

const isLoopbackOrigin = (origin: string | undefined): boolean =>
  origin !== undefined && /^http:\/\/127\.0\.0\.1(?::\d{1,5})?$/.test(origin);

/** RFC 1123 host names of at least two labels. Top-level labels are letters or punycode: no number can end a name. */
function objectionToName(name: string): UrlRefusal | null {
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  if (specialUseLabels.has(top)) return 'special_use';
  const wellFormed = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  const full = labels.length > 1 && /^(?:[a-z]{2,}|xn--.+)$/.test(top) && name.length <= 253;
  return wellFormed && full ? null : 'host';
}
