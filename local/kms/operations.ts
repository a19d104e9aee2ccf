// KMS's operations by name (AWS KMS API reference). Closed: one that is not here is refused.

import { randomBytes } from 'node:crypto';
import type * as v from 'valibot';
import { AwsError } from '../endpoint/error.ts';
import { type Call, inputOf } from '../endpoint/service.ts';
import type { KeyUses } from './access.ts';
import { open, seal } from './ciphertext.ts';
import { Aimed, Decrypt, Encrypt, Generate, Named, ReEncrypt, Rotations } from './input.ts';
import type { KeyIndex } from './key_index.ts';
import { type KmsKey, type KmsKeys, materialId } from './keys.ts';

type Operation = (call: Call) => unknown;

const algorithm = 'SYMMETRIC_DEFAULT';

const seconds = (ms: number): number => ms / 1_000;
const idOf = ({ materials }: KmsKey, number: number): string => {
  const material = materials[number];
  return material === undefined ? '' : materialId(material);
};
const newestOf = (key: KmsKey): string => idOf(key, key.materials.length - 1);

/** The keys and encryption contexts that a call uses, as its permissions depend on them. */
export const usesOf = (call: Call, { keyOf, sealerOf }: KeyIndex): KeyUses => {
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

const newDataKey = (call: Call, { keyOf }: KeyIndex): { key: KmsKey; plaintext: Buffer; blob: string } => {
  const input = inputOf(Generate, call);
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw new AwsError('ValidationException', 'Give either KeySpec or NumberOfBytes.');
  }
  const key = keyOf(input.KeyId);
  const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
  return { key, plaintext, blob: seal(key, plaintext, input.EncryptionContext).toString('base64') };
};

const dataKeyOperations = (index: KeyIndex): Readonly<Record<string, Operation>> => ({
  GenerateDataKey(call) {
    const { key, plaintext, blob } = newDataKey(call, index);
    return {
      KeyId: key.arn,
      KeyMaterialId: newestOf(key),
      Plaintext: plaintext.toString('base64'),
      CiphertextBlob: blob,
    };
  },
  GenerateDataKeyWithoutPlaintext(call) {
    const { key, blob } = newDataKey(call, index);
    return { KeyId: key.arn, KeyMaterialId: newestOf(key), CiphertextBlob: blob };
  },
});

const cipherOperations = ({ keyOf, sealerOf }: KeyIndex): Readonly<Record<string, Operation>> => ({
  Encrypt(call) {
    const input = inputOf(Encrypt, call);
    const key = keyOf(input.KeyId);
    const plaintext = Buffer.from(input.Plaintext, 'base64');
    if (plaintext.length > 4096) throw new AwsError('ValidationException', 'Plaintext holds at most 4096 bytes.');
    const blob = seal(key, plaintext, input.EncryptionContext).toString('base64');
    return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: algorithm };
  },
  Decrypt(call) {
    const { CiphertextBlob, KeyId, EncryptionContext } = inputOf(Decrypt, call);
    const key = sealerOf(CiphertextBlob, KeyId);
    const { plaintext, number } = open(key, Buffer.from(CiphertextBlob, 'base64'), EncryptionContext);
    return {
      KeyId: key.arn,
      KeyMaterialId: idOf(key, number),
      EncryptionAlgorithm: algorithm,
      Plaintext: plaintext.toString('base64'),
    };
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
      SourceEncryptionAlgorithm: algorithm,
      DestinationEncryptionAlgorithm: algorithm,
      SourceKeyMaterialId: idOf(source, number),
      DestinationKeyMaterialId: newestOf(key),
    };
  },
});

/** The first material came with the key, and is listed on request only. */
const listed = (key: KmsKey, { IncludeKeyMaterial, Limit, Marker }: v.InferOutput<typeof Rotations>): object => {
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
};

const keyOperations = (keys: KmsKeys, { keyOf }: KeyIndex): Readonly<Record<string, Operation>> => ({
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
    const state = { Enabled: true, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: algorithm };
    const made = { CreationDate: seconds(key.materials[0]?.madeMs ?? 0), CurrentKeyMaterialId: newestOf(key) };
    return { KeyMetadata: { Arn: key.arn, KeyId: key.id, KeyManager: 'CUSTOMER', ...made, ...state } };
  },
});

export const operationsOn = (keys: KmsKeys, index: KeyIndex): Readonly<Record<string, Operation>> => ({
  ...dataKeyOperations(index),
  ...cipherOperations(index),
  ...keyOperations(keys, index),
});
