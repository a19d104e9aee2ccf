// The signature that each item of an Adyen webhook carries: HMAC-SHA256 over eight of its fields, with a key in hex. What
// the sender could have meant otherwise, or signed with no key at all, is refused.
//
// Source: docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures (read 2026-11).

import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { equalBytes, type Secret } from '../../kernel/crypto/secret.ts';
import type { NotificationRefusal } from '../notification.ts';

const Field = v.pipe(v.string(), v.maxLength(255));
/** Null, absent and empty are one in what is signed (Adyen's own libraries; adyen-magento2 sends null). */
const OptionalField = v.nullish(Field, '');

export const Item = v.object({
  pspReference: Field,
  originalReference: OptionalField,
  merchantAccountCode: Field,
  merchantReference: OptionalField,
  amount: v.object({ value: v.pipe(v.number(), v.safeInteger()), currency: Field }),
  eventCode: Field,
  success: v.picklist(['true', 'false']),
  additionalData: v.object({ hmacSignature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/)) }),
  /** Not signed, as is everything else that an item holds. */
  eventDate: v.nullish(v.string(), ''),
});

export type Item = v.InferOutput<typeof Item>;

const fieldsOf = (item: Item): string[] => [
  item.pspReference,
  item.originalReference,
  item.merchantAccountCode,
  item.merchantReference,
  String(item.amount.value),
  item.amount.currency,
  item.eventCode,
  item.success,
];

/**
 * The fields are joined by colons and nothing escapes one: where a field holds a colon, the same signed text may be cut
 * into other fields as well, and what it says is not known.
 */
export const isAmbiguous = (item: Item): boolean => fieldsOf(item).some((field) => field.includes(':'));

/** Null: somebody who holds one of the keys signed it. */
export function refuseUnsigned(item: Item, keys: readonly Secret<string>[]): NotificationRefusal | null {
  const given = Buffer.from(item.additionalData.hmacSignature, 'base64');
  const signedText = fieldsOf(item).join(':');
  // Decoding from hex stops at the first character that is none: what is no key would become a short or empty one.
  const usable = keys.filter((key) => /^(?:[0-9A-Fa-f]{2}){32,}$/.test(key.reveal()));
  const known = usable.some((key) => {
    const bytes = Buffer.from(key.reveal(), 'hex');
    return equalBytes(createHmac('sha256', bytes).update(signedText).digest(), given);
  });
  return known ? null : 'wrong_signature';
}
