// Data keys, one per tenant and process, wrapped by one of the zone's KMS keys. Plaintext lives in memory alone, bounded in
// number, time and uses; KMS binds each wrapped key to its zone and tenant.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { cacheLimits } from '../../contract/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { type DataKey, open, type Place, type Sealed, seal, wrappedKeyOf } from './envelope.ts';

export interface Keyring {
  seal(text: string, place: Omit<Place, 'zone'>): Promise<Sealed<string>>;
  /** Throws a Defect where the envelope was altered, moved, or its key is gone. */
  open(sealed: Sealed<string>, place: Omit<Place, 'zone'>): Promise<string>;
}

/** Takes the bytes into a key object, and leaves none of them behind. */
const keyOf = (plaintext: Uint8Array): KeyObject => {
  const key = createSecretKey(plaintext);
  plaintext.fill(0);
  return key;
};

const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

interface Held {
  readonly key: Promise<DataKey>;
  readonly until: number;
  uses: number;
}

/** `wrapping`: records under `tenant`; what tenants must keep secret under `secrets`. */
export function keyring(
  platform: Pick<Platform, 'clock' | 'config' | 'kms'>,
  wrapping: 'tenant' | 'secrets' = 'tenant',
): Keyring {
  const sealing = new Map<string, Held>();
  const opening = new Map<string, Held>();

  const hold = (cache: Map<string, Held>, name: string, make: () => Promise<DataKey>): Promise<DataKey> => {
    const now = platform.clock();
    const found = cache.get(name);
    if (found && found.until > now && found.uses < cacheLimits.dataKeyUses) {
      found.uses += 1;
      return found.key;
    }
    const held: Held = { key: make(), until: now + cacheLimits.dataKeyMs, uses: 1 };
    held.key.catch(() => cache.delete(name));
    cache.delete(name);
    cache.set(name, held);
    const oldest = cache.size > cacheLimits.dataKeys ? cache.keys().next().value : undefined;
    // Stryker disable next-line ConditionalExpression: deleting undefined deletes nothing; the types want it asked.
    if (oldest !== undefined) cache.delete(oldest);
    return held.key;
  };

  const context = (tenant: string) => ({ zone: platform.config.zone, tenant, purpose: wrapping });

  const generate = async (tenant: string): Promise<DataKey> => {
    const made = await platform.kms.send(
      new GenerateDataKeyCommand({
        KeyId: platform.config.key(wrapping),
        KeySpec: 'AES_256',
        EncryptionContext: context(tenant),
      }),
    );
    if (!made.CiphertextBlob || !made.Plaintext) throw new Defect('KMS answered without a data key');
    return { wrapped: made.CiphertextBlob, plaintext: keyOf(made.Plaintext) };
  };

  const unwrap = async (wrapped: Uint8Array, tenant: string): Promise<DataKey> => {
    const opened = await platform.kms.send(
      new DecryptCommand({
        KeyId: platform.config.key(wrapping),
        CiphertextBlob: wrapped,
        EncryptionContext: context(tenant),
      }),
    );
    if (!opened.Plaintext) throw new Defect('KMS answered without a plaintext');
    return { wrapped, plaintext: keyOf(opened.Plaintext) };
  };

  return {
    async seal(text, place) {
      const key = await hold(sealing, place.tenant, () => generate(place.tenant));
      return seal(text, key, { ...place, zone: platform.config.zone });
    },
    async open(sealed, place) {
      const wrapped = wrappedKeyOf(sealed);
      if (wrapped === null) throw new Defect('envelope malformed');
      const name = `${place.tenant}:${textOf(wrapped)}`;
      const key = await hold(opening, name, () => unwrap(wrapped, place.tenant));
      const opened = open(sealed, key.plaintext, { ...place, zone: platform.config.zone });
      if (typeof opened === 'string') throw new Defect(`envelope ${opened}`);
      return opened.text;
    },
  };
}
