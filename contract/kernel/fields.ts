// Field schemas that several resources share. Each is a value that a caller may send or read; none transforms.

import * as v from 'valibot';
import { currencies, knownCurrencies, withdrawnCurrencies } from './currencies.ts';
import { idPattern } from './ids.ts';
import { requestLimits as limits } from './limits.ts';
import { modes } from './roles.ts';
import type { IdKind } from './vocabulary.ts';
import { zoneNames } from './zones.ts';

/** IPv6 as the URL Standard reads it, which knows no zone ids: they name an interface of one machine. */
export const isIpv6 = (text: string): boolean =>
  /^[0-9a-fA-F:.]{2,45}$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`);
export const isIpv4 = (text: string): boolean => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);

/** One IPv4 or IPv6 address (RFC 4291). */
export const IpAddress = v.pipe(
  v.string(),
  v.maxLength(45),
  v.check((text) => isIpv4(text) || isIpv6(text), 'Expected an IPv4 or IPv6 address'),
);

/* @__NO_SIDE_EFFECTS__ */
export const Id = (kind: IdKind) => v.pipe(v.string(), v.regex(idPattern(kind), `Expected the id of a ${kind}`));

/** Integer in the currency's minor unit, as stored and returned. */
export const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What a caller asks to move: at least 1 minor unit. */
export const RequestedAmount = v.pipe(
  v.number(),
  v.safeInteger('Expected an integer number of minor units'),
  v.minValue(1, 'Expected at least 1 minor unit'),
  v.maxValue(limits.amountMinor, `Expected at most ${limits.amountMinor} minor units`),
);

/** ISO 4217, upper case, as stored and returned: payments in a currency that was withdrawn since are still there. */
export const Currency = v.picklist(knownCurrencies, 'Expected an ISO 4217 currency code in upper case');

/** What a caller asks to be charged in: a currency of today. */
export const RequestedCurrency = v.picklist(currencies, ({ input }) => {
  const known = typeof input === 'string' && Object.hasOwn(withdrawnCurrencies, input);
  if (!known) return 'Expected an ISO 4217 currency code in upper case';
  const { on, use } = withdrawnCurrencies[input as keyof typeof withdrawnCurrencies];
  return `Expected a currency of today: this one was withdrawn on ${on}, use ${use}`;
});

/** The last moment that RFC 3339 can name: 9999-12-31T23:59:59.999Z. */
const latestMs = 253_402_300_799_999;

/** RFC 3339, UTC, milliseconds. */
export const Timestamp = v.pipe(v.string(), v.isoTimestamp());

/** What a caller may send: RFC 3339 with its offset, and a day that exists. */
export const RequestedTime = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/,
    'Expected an RFC 3339 time such as 2030-01-31T12:00:00Z',
  ),
  v.check((text) => {
    const [year, month, day] = text.slice(0, 10).split('-').map(Number);
    const exists = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).getUTCDate() === day;
    const ms = Date.parse(text);
    return exists && ms >= 0 && ms <= latestMs;
  }, 'Expected a time that exists, from 1970 to the end of 9999 in UTC'),
);

export const Mode = v.picklist(modes);
export const ZoneField = v.picklist(zoneNames, `Expected one of ${zoneNames.join(', ')}`);

/** Characters are Unicode's code points: an emoji outside the basic plane is one. */
/* @__NO_SIDE_EFFECTS__ */
const atMost = (chars: number) =>
  v.check((text: string) => text.length <= chars || [...text].length <= chars, `Expected at most ${chars} characters`);

/** Free text without control characters (line breaks and tabs may stand). */
/* @__NO_SIDE_EFFECTS__ */
export const Text = (chars: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    atMost(chars),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
    v.regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u, 'Expected text without control characters'),
    v.check((text) => text.isWellFormed(), 'Expected well-formed Unicode'),
  );

/** Up to 50 string values of the caller's own. */
export const Metadata = v.pipe(
  v.record(
    v.pipe(Text(limits.metadataKeyChars), v.regex(/^[^\t\n\r]*$/u, 'Expected one line')),
    Text(limits.metadataValueChars),
  ),
  v.maxEntries(limits.metadataEntries),
);

/**
 * A token of the processor; never card data. Stripe's are its own (pm_…); Adyen's need the shopper beside the stored payment
 * method: pm_adyen_<shopper reference>_<stored payment method id>.
 */
export const PaymentMethod = v.pipe(
  v.string(),
  v.regex(
    /^pm_(?:[A-Za-z0-9_]{1,100}|adyen_[A-Za-z0-9_-]{3,70}_[A-Z0-9]{16})$/,
    'Expected a payment method token (pm_…)',
  ),
);
