// Data keys of tenants, wrapped by one of the zone's KMS keys and stored under the names that envelopes hold. All who
// may open a tenant's records share its key of the day; a function that may only seal has keys of its own. Plaintext lives in memory
// alone, bounded in number, time and uses; KMS binds each wrapped key to its zone, tenant, purpose and name.

import type { KeyObject } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import type { WrappingKey } from '../../../contract/kernel/kms_keys.ts';
import { cacheLimits } from '../../../contract/kernel/limits.ts';
import { zones } from '../../../contract/kernel/zones.ts';
import { Defect, unavailable } from '../domain/refusal.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import { cache } from '../platform/cache.ts';
import type { Config } from '../platform/config.ts';
import type { Platform } from '../platform/platform.ts';
import {
  type DataKeyName,
  dayOf,
  type EncryptionContext,
  keyNameOf,
  open,
  type SealingKey,
  seal,
  type Unopened,
} from './envelope.ts';
import { symmetricKey } from './symmetric_key.ts';

export interface Keyring {
  seal(content: string | Uint8Array, context: Omit<EncryptionContext, 'zone'>): Promise<Sealed<string>>;
  /** Throws `DecryptionError`. */
  open(sealed: Sealed<string>, context: Omit<EncryptionContext, 'zone'>): Promise<string>;
  /** Throws `DecryptionError`. */
  openBytes(sealed: Sealed<string>, context: Omit<EncryptionContext, 'zone'>): Promise<Buffer>;
}

/** An envelope that was altered or moved, or whose key is gone. */
export class DecryptionError extends Defect {
  readonly reason: Unopened | 'key_gone';

  constructor(reason: DecryptionError['reason']) {
    super(`an envelope does not open: ${reason}`);
    this.name = 'DecryptionError';
    this.reason = reason;
  }
}

/** Whose a data key is, and which of them. */
export interface DataKeyId extends DataKeyName {
  readonly tenant: string;
  readonly wrapping: WrappingKey;
}

/** Where wrapped keys lie. A key that is there is never written again: what it sealed would be lost with it. */
export interface DataKeys {
  load(key: DataKeyId): Promise<Uint8Array | undefined>;
  /** False where there is one of that name by now. */
  keep(key: DataKeyId, wrapped: Uint8Array): Promise<boolean>;
}

type DataKey = SealingKey<DataKeyName>;

/** Keys in memory; one is fetched when none may be used any longer. */
function heldKeys(clock: () => number) {
  const held = cache<{ readonly key: Promise<DataKey>; uses: number }>(clock, cacheLimits.dataKeys);
  return (name: string, make: () => Promise<DataKey>): Promise<DataKey> => {
    const found = held.get(name);
    if (found && found.uses < cacheLimits.dataKeyUses) {
      found.uses += 1;
      return found.key;
    }
    const key = make();
    key.catch(() => held.forget(name));
    held.keep(name, { key, uses: 1 }, clock() + cacheLimits.dataKeyMs);
    return key;
  };
}

type KeyringPlatform = Pick<Platform, 'clock' | 'config' | 'kms'>;

/** What KMS binds a wrapped data key to. */
export const encryptionContext = (zone: string, { tenant, wrapping, day, number }: DataKeyId) => ({
  zone,
  tenant,
  purpose: wrapping,
  key: `${day}.${number}`,
});

/** Data keys at KMS. */
function wrappedBy({ clock, config, kms }: KeyringPlatform) {
  const request = (key: DataKeyId) => ({
    KeyId: config.key(key.wrapping),
    EncryptionContext: encryptionContext(config.zone, key),
  });
  return {
    async generate(key: DataKeyId): Promise<{ wrapped: Uint8Array; plaintext: KeyObject }> {
      const askedMs = clock();
      const made = await kms.send(new GenerateDataKeyCommand({ ...request(key), KeySpec: 'AES_256' }));
      if (!made.CiphertextBlob || !made.Plaintext) throw new Defect('KMS answered without a data key');
      if (clock() - askedMs > cacheLimits.dataKeyKeepMs) throw new Defect('a data key came too late to be stored');
      return { wrapped: made.CiphertextBlob, plaintext: symmetricKey(made.Plaintext) };
    },
    async unwrap(key: DataKeyId, wrapped: Uint8Array): Promise<KeyObject> {
      const opened = await kms.send(new DecryptCommand({ ...request(key), CiphertextBlob: wrapped }));
      if (!opened.Plaintext) throw new Defect('KMS answered without a plaintext');
      return symmetricKey(opened.Plaintext);
    },
  };
}

/**
 * The number of the day's key that all functions of a region share. Each region has its own: of two rows of one name, made in two
 * replicas at once, one would be lost, with all that it had sealed.
 */
const sharedNumber = ({ region, zone }: Pick<Config, 'region' | 'zone'>): number =>
  zones[zone].home === region ? 0 : 1;
const sharedNumbers = 2;

/** Seals and opens under the tenants' keys of the day. */
export function keyring(platform: KeyringPlatform, wrapping: WrappingKey, keys: DataKeys): Keyring {
  const { clock, config } = platform;
  const { generate, unwrap } = wrappedBy(platform);
  const hold = heldKeys(clock);

  /** Undefined: it is not there. */
  const stored = async (key: DataKeyId): Promise<DataKey | undefined> => {
    const wrapped = await keys.load(key);
    const { day, number } = key;
    return wrapped && { name: { day, number }, plaintext: await unwrap(key, wrapped) };
  };

  /** The first use on a day makes its key; one that loses that race takes the key that is there. */
  const foundOrMade = async (key: DataKeyId): Promise<DataKey> => {
    const found = await stored(key);
    if (found !== undefined) return found;
    const { wrapped, plaintext } = await generate(key);
    const { day, number } = key;
    if (await keys.keep(key, wrapped)) return { name: { day, number }, plaintext };
    const theirs = await stored(key);
    if (theirs === undefined) throw new DecryptionError('key_gone');
    return theirs;
  };

  const openBytes: Keyring['openBytes'] = async (sealed, context) => {
    const name = keyNameOf(sealed);
    if (name === null || name === 'subject') throw new DecryptionError('malformed');
    const { plaintext } = await hold(`${context.tenant}:${name.day}.${name.number}`, async () => {
      const found = await stored({ tenant: context.tenant, wrapping, ...name });
      // The other region's key may come after what it sealed.
      if (found === undefined && name.number === 1 - sharedNumber(config)) throw unavailable();
      if (found === undefined) throw new DecryptionError('key_gone');
      return found;
    });
    const opened = open(sealed, plaintext, { ...context, zone: config.zone });
    if (typeof opened === 'string') throw new DecryptionError(opened);
    return opened.content;
  };

  return {
    openBytes,
    open: async (sealed, context) => (await openBytes(sealed, context)).toString(),
    async seal(content, context) {
      const key = { tenant: context.tenant, wrapping, day: dayOf(clock()), number: sharedNumber(config) };
      const find = () => hold(`${key.tenant}:${key.day}.${key.number}`, () => foundOrMade(key));
      // Somebody may be looking for today's key to open with it before there is one: what they miss is made here.
      const held = await find().catch((error) => {
        if (error instanceof DecryptionError) return find();
        throw error;
      });
      return seal(content, held, { ...context, zone: config.zone });
    },
  };
}

const ownNumbers = 0xffffffff - sharedNumbers;
const ownTries = 3;

/** Seals under keys of its own, because it may open nothing, not even what it sealed. */
export function sealingKeyring(
  platform: KeyringPlatform & Pick<Platform, 'random'>,
  wrapping: WrappingKey,
  keys: Pick<DataKeys, 'keep'>,
): Pick<Keyring, 'seal'> {
  const { clock, config, random } = platform;
  const { generate } = wrappedBy(platform);
  const hold = heldKeys(clock);

  const made = async (tenant: string, day: number): Promise<DataKey> => {
    for (let tries = 0; tries < ownTries; tries += 1) {
      const number = sharedNumbers + (Buffer.from(random(4)).readUInt32BE() % ownNumbers);
      const key = { tenant, wrapping, day, number };
      const { wrapped, plaintext } = await generate(key);
      if (await keys.keep(key, wrapped)) return { name: { day, number }, plaintext };
    }
    throw new Defect('no number was free for a data key');
  };

  return {
    async seal(content, context) {
      const day = dayOf(clock());
      const held = await hold(`${context.tenant}:${day}`, () => made(context.tenant, day));
      return seal(content, held, { ...context, zone: config.zone });
    },
  };
}
