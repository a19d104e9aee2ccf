// Keyed digests: equal values give equal digests, and nobody without the key can test a guess.

import { createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Defect } from '../domain/refusal.ts';
import type { PlatformSecret } from './platform_secrets.ts';
import { equalBytes } from './secret.ts';

export interface Digests {
  /** `<key version>.<HMAC-SHA256 of the JCS form (RFC 8785), base64url>`. */
  of(value: unknown): Promise<string>;
  /** Under every version that there is, the oldest first: what was stored under any of them is found by one. */
  each(value: unknown): Promise<readonly string[]>;
  /** Whether `digest` was made of `value`, under whichever version it names. */
  matches(value: unknown, digest: string): Promise<boolean>;
}

export function digests(secret: PlatformSecret): Digests {
  const compute = async (value: unknown, version?: string): Promise<string> => {
    const keys = await secret(version);
    const name = version ?? keys.current;
    const key = keys.key(name);
    const text = canonicalize(value);
    if (key === undefined) throw new Defect('a digest names a key version that is gone');
    if (text === undefined) throw new Defect('a digest was asked of nothing');
    return `${name}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  return {
    of: (value) => compute(value),
    async each(value) {
      const { versions } = await secret();
      return Promise.all(versions.map((version) => compute(value, version)));
    },
    async matches(value, digest) {
      return equalBytes(Buffer.from(await compute(value, digest.split('.', 1)[0])), Buffer.from(digest));
    },
  };
}
