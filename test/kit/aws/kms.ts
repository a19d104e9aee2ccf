// KMS in memory: keys whose material rotates, and data keys that open only under the context that made them. What was wrapped
// under old material opens for good. All lies in the wrapped key, for nobody here to hide from.

import { createHash } from 'node:crypto';
import { sdkError } from './answered.ts';

export interface KmsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

export interface MemoryKms {
  /** Throws as the SDK does. */
  answer(operation: string, input: object): object;
}

/** What KMS wraps a 256-bit data key into has this size. */
const wrappedKeyBytes = 184;
const plaintextBytes = 32;

type Context = Readonly<Record<string, string>>;

interface Input {
  readonly KeyId?: string;
  readonly EncryptionContext?: Context;
  readonly CiphertextBlob?: Uint8Array;
  readonly SourceKeyId?: string;
  readonly SourceEncryptionContext?: Context;
  readonly DestinationKeyId?: string;
  readonly DestinationEncryptionContext?: Context;
  readonly Limit?: number;
  readonly Marker?: string;
}

/** Which key and context a wrapped key was made for. */
const binding = (keyId: string, context: Context = {}): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([keyId, Object.entries(context).sort()]))
    .digest();

const materialId = (keyId: string, version: number): string =>
  createHash('sha256').update(`${keyId} ${version}`).digest('hex');

export function memoryKms({ now, random }: KmsOptions): MemoryKms {
  /** When each rotation of a key came: its material is one more than these. */
  const rotations = new Map<string, number[]>();
  const rotationsOf = (keyId: string): number[] => rotations.get(keyId) ?? [];

  const wrap = (keyId: string, context: Context | undefined, plaintext: Uint8Array): Buffer => {
    const bound = binding(keyId, context);
    const version = rotationsOf(keyId).length;
    // Each wrapping differs from each other one, as KMS's do.
    return Buffer.concat([bound, plaintext, Buffer.of(version), random(16)], wrappedKeyBytes);
  };
  const unwrap = (keyId: string, context: Context | undefined, blob: Uint8Array = new Uint8Array()) => {
    const bound = binding(keyId, context);
    if (!bound.equals(blob.subarray(0, bound.length))) {
      throw sdkError('InvalidCiphertextException', 'The ciphertext is not of this key and context.');
    }
    // A copy: whoever gets it wipes it.
    const plaintext = Buffer.from(blob.subarray(bound.length, bound.length + plaintextBytes));
    return { plaintext, material: materialId(keyId, blob[bound.length + plaintextBytes] ?? 0) };
  };

  const operations: Readonly<Record<string, (input: Input) => object>> = {
    GenerateDataKey({ KeyId = '', EncryptionContext }) {
      const Plaintext = Buffer.from(random(plaintextBytes));
      return { CiphertextBlob: wrap(KeyId, EncryptionContext, Plaintext), Plaintext };
    },
    Decrypt: ({ KeyId = '', EncryptionContext, CiphertextBlob }) => ({
      Plaintext: unwrap(KeyId, EncryptionContext, CiphertextBlob).plaintext,
    }),
    ReEncrypt(input) {
      const { SourceKeyId = '', DestinationKeyId = '' } = input;
      const { plaintext, material } = unwrap(SourceKeyId, input.SourceEncryptionContext, input.CiphertextBlob);
      return {
        CiphertextBlob: wrap(DestinationKeyId, input.DestinationEncryptionContext, plaintext),
        KeyId: DestinationKeyId,
        SourceKeyId,
        SourceKeyMaterialId: material,
        DestinationKeyMaterialId: materialId(DestinationKeyId, rotationsOf(DestinationKeyId).length),
      };
    },
    RotateKeyOnDemand({ KeyId = '' }) {
      rotations.set(KeyId, [...rotationsOf(KeyId), now()]);
      return { KeyId };
    },
    ListKeyRotations({ KeyId = '', Limit = 100, Marker = '0' }) {
      const dates = rotationsOf(KeyId);
      const all = [undefined, ...dates].map((date, version) => ({
        KeyId,
        KeyMaterialId: materialId(KeyId, version),
        KeyMaterialState: version === dates.length ? 'CURRENT' : 'NON_CURRENT',
        ...(date !== undefined && { RotationDate: new Date(date), RotationType: 'ON_DEMAND' }),
      }));
      const end = Number(Marker) + Limit;
      return { Rotations: all.slice(Number(Marker), end), ...(end < all.length && { NextMarker: String(end) }) };
    },
  };

  return {
    answer(operation, input) {
      const asked = operations[operation];
      if (asked === undefined) throw new Error(`KMS in memory does not know ${operation}`);
      return asked(input);
    },
  };
}
