// API keys: what a maker may grant, how a rotation overlaps, and which verdict a credential gets.

import { describe, expect, it } from 'vitest';
import { addressAllowed } from '../../lambdas/domain/address.ts';
import { createKey, type Key, revokeKey, rotateKey, verdictOn } from '../../lambdas/domain/key.ts';
import { start } from './given.ts';

const origin = { id: 'key_2', tenant: 'ten_1', mode: 'test', secretHmac: '1.x', bodyDigest: '1.y' } as const;
const made = (more: Partial<Key> = {}): Key => {
  const decided = createKey(
    { ...origin, id: 'key_1' },
    { name: 'shop', scopes: ['payments:read'] },
    ['payments:read'],
    start,
  );
  if ('refused' in decided) throw new Error(decided.refused);
  return { ...decided.next, ...more };
};
const day = 24 * 3_600_000;

describe('[API-1] keys', () => {
  it('a key grants no scope that its maker lacks', () => {
    const body = {
      name: 'shop',
      scopes: ['payments:read', 'payments:write'] as ('payments:read' | 'payments:write')[],
    };
    expect(createKey(origin, body, ['payments:read'], start)).toEqual({ refused: 'scope_not_held' });
    expect(createKey(origin, body, ['payments:read', 'payments:write'], start)).toHaveProperty('next');
  });

  it('a rotation keeps the old key for 24 hours, and no longer than it had', () => {
    const rotated = rotateKey(made(), origin, ['payments:read'], start);
    if ('refused' in rotated) throw new Error(rotated.refused);
    expect(rotated.old.expires_at).toBe(new Date(start + day).toISOString());
    expect(verdictOn(rotated.old, undefined, start + day - 1)).toBe('ok');
    expect(verdictOn(rotated.old, undefined, start + day)).toBe('key_expired');
    expect(rotated.next).toMatchObject({ rotated_from: 'key_1', scopes: ['payments:read'], expires_at: null });
    const soon = rotateKey(
      made({ expires_at: new Date(start + 1000).toISOString() }),
      origin,
      ['payments:read'],
      start,
    );
    expect('old' in soon && soon.old.expires_at).toBe(new Date(start + 1000).toISOString());
  });

  it('a key is rotated once, and never when it is revoked or expired', () => {
    const expired = { expires_at: new Date(start).toISOString() };
    for (const key of [made({ status: 'revoked' }), made(expired), made({ rotated_to: 'key_9' })]) {
      expect(rotateKey(key, origin, ['payments:read'], start)).toEqual({ refused: 'key_not_active' });
    }
  });

  it('a rotation grants no scope that its maker lacks', () => {
    expect(rotateKey(made(), origin, [], start)).toEqual({ refused: 'scope_not_held' });
  });

  it('revoking twice changes nothing the second time', () => {
    const once = revokeKey(made());
    expect(once?.fact).toBe('key.revoked');
    expect(once && revokeKey(once.next)).toBeNull();
    expect(once && verdictOn(once.next, true, start)).toBe('key_revoked');
  });
});

describe('[IAM-3] allow-lists of source addresses', () => {
  it.each([
    [null, '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.114.9', false],
    [['203.0.113.9'], '203.0.113.9', true],
    [['203.0.113.9'], '::ffff:203.0.113.9', true],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['203.0.113.0/24'], '', false],
    [['203.0.113.0/24'], 'nonsense', false],
  ])('%o, %s: %s', (blocks, address, expected) => {
    expect(addressAllowed(blocks, address)).toBe(expected);
    expect(verdictOn(made(), addressAllowed(blocks, address), start)).toBe(expected ? 'ok' : 'address_not_allowed');
  });
});
