// Keys of data subjects: one for each person, random, wrapped under a `pii` data key of its tenant. It seals everything that
// is known of the person, wherever that lies; once its wrapped form is destroyed nobody can read any of it again. No
// plaintext of it stays in memory: each use begins with the wrapped form as it is stored now, so that an erasure holds at once.

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
  seal(text: string, context: SubjectContext): Sealed<string>;
  /** Throws `DecryptionError`. */
  open(sealed: Sealed<string>, context: SubjectContext): string;
}

export interface SubjectKeys {
  /** A new key; `wrapped` is to be stored in the commit that creates its subject. */
  make(subject: Subject): Promise<{ readonly wrapped: Sealed<string>; readonly key: SubjectKey }>;
  /** Throws `DecryptionError`. */
  unwrap(wrapped: Sealed<string>, subject: Subject): Promise<SubjectKey>;
}

const keyBytes = 32;

/** `pii`: the keyring of that wrapping key. */
export function subjectKeys({ config, random }: Pick<Platform, 'config' | 'random'>, pii: Keyring): SubjectKeys {
  const contextOf = ({ tenant, mode, id }: Subject) => ({
    tenant,
    mode,
    purpose: 'subject_key',
    table: 'subject_keys',
    item: id,
    field: 'wrapped',
  });
  const keyOf = (plaintext: KeyObject, { tenant, mode }: Subject): SubjectKey => {
    const whole = (context: SubjectContext): EncryptionContext => ({ ...context, zone: config.zone, tenant, mode });
    return {
      seal: (text, context) => seal(text, { name: 'subject', plaintext }, whole(context)),
      open(sealed, context) {
        const opened = open(sealed, plaintext, whole(context));
        if (typeof opened === 'string') throw new DecryptionError(opened);
        return opened.content.toString();
      },
    };
  };
  return {
    async make(subject) {
      const bytes = random(keyBytes);
      const wrapped = await pii.seal(bytes, contextOf(subject));
      return { wrapped, key: keyOf(symmetricKey(bytes), subject) };
    },
    async unwrap(wrapped, subject) {
      return keyOf(symmetricKey(await pii.openBytes(wrapped, contextOf(subject))), subject);
    },
  };
}
