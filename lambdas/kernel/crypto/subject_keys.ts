// Keys of data subjects: one for each person, random, wrapped under a `pii` data key of its tenant. It seals everything that
// is known of the person, wherever that lies; once its wrapped form is destroyed nobody can read any of it again. No
// plaintext of it is kept: each use begins with the wrapped form as it is stored now, so that an erasure holds at once.

import type { KeyObject } from 'node:crypto';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import type { Platform } from '../platform/platform.ts';
import { type EncryptionContext, open, seal } from './envelope.ts';
import { DecryptionError, type Keyring } from './keyring.ts';
import { symmetricKey } from './symmetric_key.ts';

export interface Subject {
  readonly tenant: string;
  readonly mode: Mode;
  readonly id: string;
}

/** Where something of the subject lies. */
export type SubjectContext = Pick<EncryptionContext, 'purpose' | 'table' | 'item' | 'field'>;

/** The key of one subject, for as long as one request. */
export interface SubjectKey {
  seal(text: string, place: SubjectContext): Sealed<string>;
  /** Throws `Unopenable`. */
  open(sealed: Sealed<string>, place: SubjectContext): string;
}

export interface SubjectKeys {
  /** A new key; `wrapped` is to be stored in the commit that creates its subject. */
  make(subject: Subject): Promise<{ readonly wrapped: Sealed<string>; readonly key: SubjectKey }>;
  /** Throws `Unopenable`. */
  unwrap(wrapped: Sealed<string>, subject: Subject): Promise<SubjectKey>;
}

const keyBytes = 32;

/** `pii`: the keyring of that wrapping key. */
export function subjectKeys({ config, random }: Pick<Platform, 'config' | 'random'>, pii: Keyring): SubjectKeys {
  const placeOf = ({ tenant, mode, id }: Subject) => ({
    tenant,
    mode,
    purpose: 'subject_key',
    table: 'subject_keys',
    item: id,
    field: 'wrapped',
  });
  const keyOf = (plaintext: KeyObject, { tenant, mode }: Subject): SubjectKey => {
    const whole = (place: SubjectContext): EncryptionContext => ({ ...place, zone: config.zone, tenant, mode });
    return {
      seal: (text, place) => seal(text, { name: 'subject', plaintext }, whole(place)),
      open(sealed, place) {
        const opened = open(sealed, plaintext, whole(place));
        if (typeof opened === 'string') throw new DecryptionError(opened);
        return opened.content.toString();
      },
    };
  };
  return {
    async make(subject) {
      const bytes = random(keyBytes);
      const wrapped = await pii.seal(bytes, placeOf(subject));
      return { wrapped, key: keyOf(symmetricKey(bytes), subject) };
    },
    async unwrap(wrapped, subject) {
      return keyOf(symmetricKey(await pii.openBytes(wrapped, placeOf(subject))), subject);
    },
  };
}
