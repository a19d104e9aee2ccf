// KMS for one region: real AES-256-GCM under persistent key material, which rotates when it is asked to. A ciphertext names its
// key and opens only under the encryption context that sealed it, whichever material that was. Key material never leaves
// local/aws/kms*, the state folder apart.

import { randomBytes } from 'node:crypto';
import type * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { type Call, inputOf, json, type Service, unknownOperation } from '../endpoint/service.ts';
import { type KeyUses, kmsAccesses } from './access.ts';
import { keyArnOf, open, seal } from './ciphertext.ts';
import { Aimed, Decrypt, Encrypt, Generate, Named, ReEncrypt, Rotations } from './input.ts';
import { type KmsKey, type KmsKeys, materialId } from './keys.ts';

const seconds = (ms: number): number => ms / 1_000;
const idOf = ({ materials }: KmsKey, number: number): string => {
  const material = materials[number];
  return material === undefined ? '' : materialId(material);
};
const newestOf = (key: KmsKey): string => idOf(key, key.materials.length - 1);

/** The first material came with the key, and is listed on request only. */
function listed(key: KmsKey, { IncludeKeyMaterial, Limit, Marker }: v.InferOutput<typeof Rotations>): object {
  const all = key.materials.map((material, number) => ({
    KeyId: key.arn,
    KeyMaterialId: materialId(material),
    KeyMaterialState: number === key.materials.length - 1 ? 'CURRENT' : 'NON_CURRENT',
    ...(number > 0 && { RotationDate: seconds(material.madeMs), RotationType: 'ON_DEMAND' }),
  }));
  const shown = IncludeKeyMaterial === 'ALL_KEY_MATERIAL' ? all : all.slice(1);
  const end = Number(Marker) + Limit;
  const more = end < shown.length;
  return { Rotations: shown.slice(Number(Marker), end), Truncated: more, ...(more && { NextMarker: String(end) }) };
}

export const createKms = (keys: KmsKeys): Service => {
  const named = new Map<string, KmsKey>();
  for (const key of keys.all) {
    const aliasArns = key.aliases.map((alias) => key.arn.replace(/key\/.*$/, alias));
    for (const name of [key.arn, key.id, ...key.aliases, ...aliasArns]) named.set(name, key);
  }

  const keyOf = (name: string): KmsKey => {
    const key = named.get(name);
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
    return key;
  };

  /** The key that sealed the blob, which a given name must match. */
  const sealerOf = (blob: string, name: string | undefined): KmsKey => {
    const sealedUnder = keyArnOf(Buffer.from(blob, 'base64'));
    const key = sealedUnder === undefined ? undefined : named.get(sealedUnder);
    if (key === undefined) {
      throw new AwsError('InvalidCiphertextException', 'The ciphertext is not of this region’s keys.');
    }
    if (name !== undefined && keyOf(name) !== key) {
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify the key that sealed this.',
      );
    }
    return key;
  };

  const usesOf = (call: Call): KeyUses => {
    switch (call.operation) {
      case 'Decrypt': {
        const { CiphertextBlob, KeyId, EncryptionContext } = inputOf(Decrypt, call);
        return { source: { keyArn: sealerOf(CiphertextBlob, KeyId).arn, context: EncryptionContext } };
      }
      case 'ReEncrypt': {
        const input = inputOf(ReEncrypt, call);
        const source = sealerOf(input.CiphertextBlob, input.SourceKeyId);
        return {
          source: { keyArn: source.arn, context: input.SourceEncryptionContext },
          destination: { keyArn: keyOf(input.DestinationKeyId).arn, context: input.DestinationEncryptionContext },
        };
      }
      default: {
        const { KeyId, EncryptionContext } = inputOf(Aimed, call);
        return { source: { keyArn: keyOf(KeyId).arn, context: EncryptionContext } };
      }
    }
  };

  const dataKey = (call: Call): { key: KmsKey; plaintext: Buffer; blob: string } => {
    const input = inputOf(Generate, call);
    if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
      throw new AwsError('ValidationException', 'Give either KeySpec or NumberOfBytes.');
    }
    const key = keyOf(input.KeyId);
    const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
    return { key, plaintext, blob: seal(key, plaintext, input.EncryptionContext).toString('base64') };
  };

  const operations: Readonly<Record<string, (call: Call) => unknown>> = {
    GenerateDataKey(call) {
      const { key, plaintext, blob } = dataKey(call);
      const told = { KeyId: key.arn, KeyMaterialId: newestOf(key) };
      return { ...told, Plaintext: plaintext.toString('base64'), CiphertextBlob: blob };
    },
    GenerateDataKeyWithoutPlaintext(call) {
      const { key, blob } = dataKey(call);
      return { KeyId: key.arn, KeyMaterialId: newestOf(key), CiphertextBlob: blob };
    },
    Encrypt(call) {
      const input = inputOf(Encrypt, call);
      const key = keyOf(input.KeyId);
      const plaintext = Buffer.from(input.Plaintext, 'base64');
      if (plaintext.length > 4096) throw new AwsError('ValidationException', 'Plaintext holds at most 4096 bytes.');
      const blob = seal(key, plaintext, input.EncryptionContext).toString('base64');
      return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    Decrypt(call) {
      const { CiphertextBlob, KeyId, EncryptionContext } = inputOf(Decrypt, call);
      const key = sealerOf(CiphertextBlob, KeyId);
      const { plaintext, number } = open(key, Buffer.from(CiphertextBlob, 'base64'), EncryptionContext);
      const told = { KeyId: key.arn, KeyMaterialId: idOf(key, number), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      return { ...told, Plaintext: plaintext.toString('base64') };
    },
    ReEncrypt(call) {
      const input = inputOf(ReEncrypt, call);
      const source = sealerOf(input.CiphertextBlob, input.SourceKeyId);
      const key = keyOf(input.DestinationKeyId);
      const blob = Buffer.from(input.CiphertextBlob, 'base64');
      const { plaintext, number } = open(source, blob, input.SourceEncryptionContext);
      return {
        CiphertextBlob: seal(key, plaintext, input.DestinationEncryptionContext).toString('base64'),
        SourceKeyId: source.arn,
        KeyId: key.arn,
        SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        SourceKeyMaterialId: idOf(source, number),
        DestinationKeyMaterialId: newestOf(key),
      };
    },
    ListKeyRotations(call) {
      const input = inputOf(Rotations, call);
      return listed(keyOf(input.KeyId), input);
    },
    async RotateKeyOnDemand(call) {
      const key = keyOf(inputOf(Named, call).KeyId);
      await keys.rotate(key);
      return { KeyId: key.id };
    },
    DescribeKey(call) {
      const key = keyOf(inputOf(Named, call).KeyId);
      const state = { Enabled: true, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' };
      const made = { CreationDate: seconds(key.materials[0]?.madeMs ?? 0), CurrentKeyMaterialId: newestOf(key) };
      return { KeyMetadata: { Arn: key.arn, KeyId: key.id, KeyManager: 'CUSTOMER', ...made, ...state } };
    },
  };

  return {
    targets: ['TrentService'],
    accesses(call) {
      if (operations[call.operation] === undefined) throw unknownOperation('kms', call.operation);
      return kmsAccesses(call.operation, usesOf(call));
    },
    async answer(call) {
      const operation = operations[call.operation];
      if (operation === undefined) throw unknownOperation('kms', call.operation);
      return json(await operation(call));
    },
  };
};
