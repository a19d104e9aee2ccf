// KMS for one region: real AES-256-GCM under persistent key material. A ciphertext names its key and opens only under
// the encryption context that sealed it. Key material never leaves this file, the state folder apart.

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { encryptionContextKey } from '../iam/condition_keys.ts';
import type { Access } from './authorize.ts';
import { AwsError } from './error.ts';
import { keyArnOf, open, seal } from './kms_blob.ts';
import { type Call, inputOf, json, type Service, unknownOperation } from './service.ts';

export interface KmsKey {
  readonly arn: string;
  readonly id: string;
  readonly aliases: readonly string[];
  /** 32 bytes. */
  readonly material: Buffer;
}

const Context = v.optional(v.record(v.string(), v.string()), {});
const Blob = v.pipe(v.string(), v.base64());
const Aimed = v.object({ KeyId: v.string(), EncryptionContext: Context });
const Generate = v.object({
  ...Aimed.entries,
  KeySpec: v.optional(v.picklist(['AES_256', 'AES_128'])),
  NumberOfBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024))),
});
const Encrypt = v.object({ ...Aimed.entries, Plaintext: Blob });
const Decrypt = v.object({ CiphertextBlob: Blob, KeyId: v.optional(v.string()), EncryptionContext: Context });

const actions: Readonly<Record<string, string>> = {
  GenerateDataKey: 'kms:GenerateDataKey',
  GenerateDataKeyWithoutPlaintext: 'kms:GenerateDataKeyWithoutPlaintext',
  Encrypt: 'kms:Encrypt',
  Decrypt: 'kms:Decrypt',
  DescribeKey: 'kms:DescribeKey',
};

/** What a call of the key asks for. */
export const kmsAccess = (operation: string, keyArn: string, context: Readonly<Record<string, string>>): Access => {
  const action = actions[operation];
  if (action === undefined) throw unknownOperation('kms', operation);
  const conditionKeys: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(context)) conditionKeys[encryptionContextKey(name)] = [value];
  if (Object.keys(context).length > 0) conditionKeys['kms:EncryptionContextKeys'] = Object.keys(context);
  return { action, resource: keyArn, conditionKeys };
};

export const createKms = (keys: readonly KmsKey[]): Service => {
  const named = new Map<string, KmsKey>();
  for (const key of keys) {
    const aliasArns = key.aliases.map((alias) => key.arn.replace(/key\/.*$/, alias));
    for (const name of [key.arn, key.id, ...key.aliases, ...aliasArns]) named.set(name, key);
  }

  const keyOf = (name: string): KmsKey => {
    const key = named.get(name);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
    return key;
  };

  /** The key that a call is about: for Decrypt the one that sealed the blob, which a given KeyId must match. */
  const keyOfCall = (call: Call): KmsKey => {
    if (call.operation !== 'Decrypt') return keyOf(inputOf(v.object({ KeyId: v.string() }), call).KeyId);
    const input = inputOf(Decrypt, call);
    const sealedUnder = keyArnOf(Buffer.from(input.CiphertextBlob, 'base64'));
    const key = sealedUnder === undefined ? undefined : named.get(sealedUnder);
    if (key === undefined)
      throw new AwsError('InvalidCiphertextException', 'The ciphertext is not of this region’s keys.');
    if (input.KeyId !== undefined && keyOf(input.KeyId) !== key) {
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify the key that sealed this.',
      );
    }
    return key;
  };

  const dataKey = (call: Call, key: KmsKey): { plaintext: Buffer; blob: Buffer } => {
    const input = inputOf(Generate, call);
    if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
      throw new AwsError('ValidationException', 'Give either KeySpec or NumberOfBytes.');
    }
    const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
    return { plaintext, blob: seal(key, plaintext, input.EncryptionContext) };
  };

  const operations: Readonly<Record<string, (call: Call, key: KmsKey) => unknown>> = {
    GenerateDataKey(call, key) {
      const { plaintext, blob } = dataKey(call, key);
      return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), CiphertextBlob: blob.toString('base64') };
    },
    GenerateDataKeyWithoutPlaintext(call, key) {
      return { KeyId: key.arn, CiphertextBlob: dataKey(call, key).blob.toString('base64') };
    },
    Encrypt(call, key) {
      const input = inputOf(Encrypt, call);
      const plaintext = Buffer.from(input.Plaintext, 'base64');
      if (plaintext.length > 4096) throw new AwsError('ValidationException', 'Plaintext holds at most 4096 bytes.');
      const blob = seal(key, plaintext, input.EncryptionContext).toString('base64');
      return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    Decrypt(call, key) {
      const input = inputOf(Decrypt, call);
      const plaintext = open(key, Buffer.from(input.CiphertextBlob, 'base64'), input.EncryptionContext);
      return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    DescribeKey(_, key) {
      const state = { Enabled: true, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' };
      return { KeyMetadata: { Arn: key.arn, KeyId: key.id, KeyManager: 'CUSTOMER', ...state } };
    },
  };

  return {
    targets: ['TrentService'],
    accesses(call) {
      if (actions[call.operation] === undefined) throw unknownOperation('kms', call.operation);
      const { EncryptionContext } = inputOf(v.object({ EncryptionContext: Context }), call);
      return [kmsAccess(call.operation, keyOfCall(call).arn, EncryptionContext)];
    },
    async answer(call) {
      const operation = operations[call.operation];
      if (operation === undefined) throw unknownOperation('kms', call.operation);
      return json(operation(call, keyOfCall(call)));
    },
  };
};
