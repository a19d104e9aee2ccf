// What handlers work with, beside the call: made here alone, of the platform. Each handler names in its type what it needs of
// it, and the contract's grants bound what its function may do with it. A function that needs few of them makes just those,
// so that its bundle holds no others. Nothing here asks AWS before it is used.

import { type Digests, digests } from '../crypto/digest.ts';
import { type Keyring, keyring, sealingKeyring } from '../crypto/keyring.ts';
import { type PlatformSecret, platformSecret } from '../crypto/platform_secrets.ts';
import { type SubjectKeys, subjectKeys } from '../crypto/subject_keys.ts';
import type { Platform } from '../platform/platform.ts';
import { dataKeys } from '../store/data_keys.ts';
import type { HandlerPorts } from './call.ts';

export interface Ports extends HandlerPorts {
  /** Of the tenant's secrets. */
  readonly secrets: Keyring;
  /** Seals the tenant's secrets, for a function that may open none. */
  readonly secretSealer: Pick<Keyring, 'seal'>;
  readonly subjects: SubjectKeys;
  /** Of what is known of people who are no customers, and which no erasure of theirs ends. */
  readonly people: Keyring;
  readonly digests: Digests;
  readonly peppers: PlatformSecret;
}

export const handlerPorts = (platform: Platform): HandlerPorts => ({
  platform,
  keyring: keyring(platform, 'tenant', dataKeys(platform)),
});

export const secretsKeyring = (platform: Platform): Keyring => keyring(platform, 'secrets', dataKeys(platform));

export const portsOf = (platform: Platform): Ports => ({
  ...handlerPorts(platform),
  secrets: secretsKeyring(platform),
  secretSealer: sealingKeyring(platform, 'secrets', dataKeys(platform)),
  subjects: subjectKeys(platform, keyring(platform, 'pii', dataKeys(platform))),
  people: keyring(platform, 'pii', dataKeys(platform)),
  digests: digests(platformSecret(platform, 'digests')),
  peppers: platformSecret(platform, 'peppers'),
});
