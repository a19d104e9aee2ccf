// Data keys of tenants, wrapped by one of the zone's KMS keys. Whoever may open a tenant's records seals them under the
// tenant's key of the day, which is stored, and which an envelope only names; whoever may only seal has a key of its own,
// which the envelope carries. Plaintext lives in memory alone, bounded in number, time and uses; KMS binds each wrapped key
// to its zone, tenant and day.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { cacheLimits } from '../../contract/limits.ts';
import { Defect } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { type DataKey, dayOf, keyNameOf, open, type Place, type Sealed, seal } from './envelope.ts';

export interface Keyring {
  seal(text: string, place: Omit<Place, 'zone'>): Promise<Sealed<string>>;
  /** Throws a Defect where the envelope was altered, moved, or its key is gone. */
  open(sealed: Sealed<string>, place: Omit<Place, 'zone'>): Promise<string>;
}

/** Where the wrapped keys of tenants' days lie. A day bounds what one key seals far below GCM's 2^32 random nonces. */
export interface DailyKeys {
  load(tenant: string, day: number): Promise<Uint8Array | undefined>;
  /** False where there is one by now. Absent: it may not. */
  readonly keep?: (tenant: string, day: number, wrapped: Uint8Array) => Promise<boolean>;
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
  daily?: DailyKeys,
): Keyring {
  const own = new Map<string, Held>();
  const carried = new Map<string, Held>();
  const named = new Map<string, Held>();

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

  const contextOf = (tenant: string, day?: number) => ({
    zone: platform.config.zone,
    tenant,
    purpose: wrapping,
    ...(day !== undefined && { day: String(day) }),
  });

  const generate = async (tenant: string, day?: number): Promise<{ wrapped: Uint8Array; plaintext: KeyObject }> => {
    const made = await platform.kms.send(
      new GenerateDataKeyCommand({
        KeyId: platform.config.key(wrapping),
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(tenant, day),
      }),
    );
    if (!made.CiphertextBlob || !made.Plaintext) throw new Defect('KMS answered without a data key');
    return { wrapped: made.CiphertextBlob, plaintext: keyOf(made.Plaintext) };
  };

  const unwrap = async (wrapped: Uint8Array, tenant: string, day?: number): Promise<KeyObject> => {
    const opened = await platform.kms.send(
      new DecryptCommand({
        KeyId: platform.config.key(wrapping),
        CiphertextBlob: wrapped,
        EncryptionContext: contextOf(tenant, day),
      }),
    );
    if (!opened.Plaintext) throw new Defect('KMS answered without a plaintext');
    return keyOf(opened.Plaintext);
  };

  const ownKey = async (tenant: string): Promise<DataKey> => {
    const { wrapped, plaintext } = await generate(tenant);
    return { name: { wrapped }, plaintext };
  };

  /** Undefined: it is not there. */
  const storedKey = async (keys: DailyKeys, tenant: string, day: number): Promise<DataKey | undefined> => {
    const wrapped = await keys.load(tenant, day);
    return wrapped && { name: { day }, plaintext: await unwrap(wrapped, tenant, day) };
  };

  /** Whoever comes first on a day makes its key; who loses that race takes the one that is there. */
  const keyOfDay = async (keys: DailyKeys, tenant: string, day: number): Promise<DataKey> => {
    const stored = await storedKey(keys, tenant, day);
    if (stored !== undefined) return stored;
    if (keys.keep === undefined) return ownKey(tenant);
    const { wrapped, plaintext } = await generate(tenant, day);
    if (await keys.keep(tenant, day, wrapped)) return { name: { day }, plaintext };
    const theirs = await storedKey(keys, tenant, day);
    if (theirs === undefined) throw new Defect('a data key was there and is gone');
    return theirs;
  };

  const openingKey = (sealed: Sealed<string>, tenant: string): Promise<DataKey> => {
    const name = keyNameOf(sealed);
    if (name === null) throw new Defect('envelope malformed');
    if ('wrapped' in name) {
      return hold(carried, `${tenant}:${textOf(name.wrapped)}`, async () => {
        return { name, plaintext: await unwrap(name.wrapped, tenant) };
      });
    }
    if (daily === undefined) throw new Defect('an envelope names a key that is out of reach here');
    return hold(named, `${tenant}:${name.day}`, async () => {
      const stored = await storedKey(daily, tenant, name.day);
      if (stored === undefined) throw new Defect('envelope’s key is gone');
      return stored;
    });
  };

  const sealingKey = (tenant: string): Promise<DataKey> => {
    if (daily === undefined) return hold(own, tenant, () => ownKey(tenant));
    const day = dayOf(platform.clock());
    return hold(own, `${tenant}:${day}`, () => keyOfDay(daily, tenant, day));
  };

  return {
    async seal(text, place) {
      return seal(text, await sealingKey(place.tenant), { ...place, zone: platform.config.zone });
    },
    async open(sealed, place) {
      const { plaintext } = await openingKey(sealed, place.tenant);
      const opened = open(sealed, plaintext, { ...place, zone: platform.config.zone });
      if (typeof opened === 'string') throw new Defect(`envelope ${opened}`);
      return opened.text;
    },
  };
}
