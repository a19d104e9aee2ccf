// What calls to KMS may hold (API reference, under these names; read 2026-11). What doesn't fit is refused as KMS refuses it.

import * as v from 'valibot';

const Context = v.optional(v.record(v.string(), v.string()), {});
const Blob = v.pipe(v.string(), v.base64());
export const Named = v.object({ KeyId: v.string() });
export const Aimed = v.object({ ...Named.entries, EncryptionContext: Context });
export const Generate = v.object({
  ...Aimed.entries,
  KeySpec: v.optional(v.picklist(['AES_256', 'AES_128'])),
  NumberOfBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024))),
});
export const Encrypt = v.object({ ...Aimed.entries, Plaintext: Blob });
export const Decrypt = v.object({ CiphertextBlob: Blob, KeyId: v.optional(v.string()), EncryptionContext: Context });
export const ReEncrypt = v.object({
  CiphertextBlob: Blob,
  SourceKeyId: v.optional(v.string()),
  SourceEncryptionContext: Context,
  DestinationKeyId: v.string(),
  DestinationEncryptionContext: Context,
});
export const Rotations = v.object({
  ...Named.entries,
  IncludeKeyMaterial: v.optional(v.picklist(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY']), 'ROTATIONS_ONLY'),
  Limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 100),
  Marker: v.optional(v.pipe(v.string(), v.regex(/^\d{1,6}$/)), '0'),
});
