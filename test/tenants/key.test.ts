// API keys: what an issuing key may grant, how a rotation overlaps, and which verdict a credential gets.

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../contract/kernel/vocabulary.ts';
import { keyLimits } from '../../contract/tenants/limits.ts';
import { addressAllowed, blocksWithin } from '../../lambdas/tenants/domain/allowed_addresses.ts';
import {
  createKey,
  type IssuingKey,
  Key,
  revokeKey,
  rotateKey,
  unbounded,
  verdictOn,
  withMade,
} from '../../lambdas/tenants/domain/key.ts';
import { start } from '../payments/payment_states.ts';

const origin = {
  id: 'key_2',
  tenant: 'ten_1',
  mode: 'test',
  secretHmac: '1.x',
  createdBy: `key_us_${'m'.repeat(26)}`,
  bodyDigest: '1.y',
} as const;
const holding = (...scopes: Scope[]): IssuingKey => ({ scopes, allowed_addresses: null, expires_at: null });
const made = (more: Partial<Key> = {}): Key => {
  const decided = createKey(
    { ...origin, id: 'key_1' },
    { name: 'shop', scopes: ['payments:read'] },
    holding('payments:read'),
    start,
  );
  if ('refused' in decided) throw new Error(decided.refused);
  return { ...decided.next, ...more };
};
const day = 24 * 3_600_000;

describe('[API-1] keys', () => {
  it('a key grants no scope that its issuing key lacks', () => {
    const body = {
      name: 'shop',
      scopes: ['payments:read', 'payments:write'] as ('payments:read' | 'payments:write')[],
    };
    expect(createKey(origin, body, holding('payments:read'), start)).toEqual({ refused: 'scope_not_held' });
    expect(createKey(origin, body, holding('payments:read', 'payments:write'), start)).toHaveProperty('next');
  });

  it('a key is bound by its issuing key’s addresses and time, and takes them where it asks for none', () => {
    const soon = new Date(start + 1000).toISOString();
    const issuing: IssuingKey = { scopes: ['payments:read'], allowed_addresses: ['10.0.0.0/8'], expires_at: soon };
    const make = (more: object) =>
      createKey(origin, { name: 'shop', scopes: ['payments:read'], ...more }, issuing, start);
    expect(make({})).toMatchObject({ next: { allowed_addresses: ['10.0.0.0/8'], expires_at: soon } });
    expect(make({ allowed_addresses: ['10.1.0.0/16'] })).toHaveProperty('next');
    const later = new Date(start + 2000).toISOString();
    for (const more of [
      { allowed_addresses: ['0.0.0.0/0'] },
      { allowed_addresses: ['10.1.0.0/16', '11.0.0.1'] },
      { expires_at: later },
    ]) {
      expect(make(more)).toEqual({ refused: 'scope_not_held' });
    }
  });

  it('a rotation keeps the old key for 24 hours, and no longer than it had', () => {
    const rotated = rotateKey(made(), origin, holding('payments:read'), start);
    if ('refused' in rotated) throw new Error(rotated.refused);
    expect(rotated.old.expires_at).toBe(new Date(start + day).toISOString());
    expect(verdictOn(rotated.old, undefined, start + day - 1)).toBe('ok');
    expect(verdictOn(rotated.old, undefined, start + day)).toBe('key_expired');
    expect(rotated.next).toMatchObject({ rotated_from: 'key_1', scopes: ['payments:read'], expires_at: null });
    const soon = rotateKey(
      made({ expires_at: new Date(start + 1000).toISOString() }),
      origin,
      holding('payments:read'),
      start,
    );
    expect('old' in soon && soon.old.expires_at).toBe(new Date(start + 1000).toISOString());
  });

  it('a key is rotated once, and never when it is revoked or expired', () => {
    const expired = { expires_at: new Date(start).toISOString() };
    for (const key of [made({ status: 'revoked' }), made(expired), made({ rotated_to: 'key_9' })]) {
      expect(rotateKey(key, origin, holding('payments:read'), start)).toEqual({ refused: 'key_not_active' });
    }
  });

  it('a rotation grants no scope that its issuing key lacks', () => {
    expect(rotateKey(made(), origin, holding(), start)).toEqual({ refused: 'scope_not_held' });
  });

  it('a key that is revoked or expired makes none, and one makes no more than the limit, whose last may be repeated', () => {
    const most = Array.from({ length: keyLimits.keysMade }, (_, at) => `key_m${at}`);
    const expired = made({ expires_at: new Date(start).toISOString() });
    expect(withMade(made({ status: 'revoked' }), 'key_2', start)).toEqual({ refused: 'key_revoked' });
    expect(withMade(expired, 'key_2', start)).toEqual({ refused: 'key_expired' });
    expect(withMade(made({ made: most.slice(1) }), 'key_2', start)).toEqual({
      maker: made({ made: [...most.slice(1), 'key_2'] }),
    });
    expect(withMade(made({ made: most }), 'key_2', start)).toEqual({ refused: 'key_makes_no_more' });
    expect(withMade(made({ made: most }), most[0] ?? '', start)).toEqual({ maker: made({ made: most }) });
  });

  it('revoking twice changes nothing the second time', () => {
    const once = revokeKey(made());
    expect(once?.fact).toBe('key.revoked');
    expect(once && revokeKey(once.next)).toBeNull();
    expect(once && verdictOn(once.next, true, start)).toBe('key_revoked');
  });
});

describe('[IAM-3] lists within lists', () => {
  it.each([
    [['10.1.2.3'], ['10.0.0.0/8'], true],
    [['10.0.0.0/7'], ['10.0.0.0/8'], false],
    [['2001:db8:1::/48'], ['2001:db8::/32'], true],
    [['2001:db8::/31'], ['2001:db8::/32'], false],
    [['10.0.0.1'], ['2001:db8::/32'], false],
    [null, ['10.0.0.0/8'], false],
    [['10.0.0.1'], null, true],
    [null, null, true],
    [['10.0.0.0/8'], ['10.0.0.0/8'], true],
    [['10.0.0.0/8'], ['192.0.2.0/24', '10.0.0.0/7'], true],
    [['10.1.0.0/16', '192.0.2.1'], ['10.0.0.0/8'], false],
    [['10.0.0.1/32'], ['10.0.0.1'], true],
    [['10.0.0.0/31'], ['10.0.0.1'], false],
    [['2001:db8::1/128'], ['2001:db8::1'], true],
    [['2001:db8::/127'], ['2001:db8::1'], false],
    // The same bits under another family's length: half of all IPv4 would lie "within" 10.0.0.0/8.
    [['::ffff:10.0.0.0/97'], ['10.0.0.0/8'], false],
    [[], ['10.0.0.0/8'], true],
    [['10.0.0.1'], [], false],
  ])('%o within %o: %s', (inner, outer, expected) => {
    expect(blocksWithin(inner, outer)).toBe(expected);
  });
});

describe('[IAM-3] allow-lists of source addresses', () => {
  it.each([
    [null, '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.113.9', true],
    [['203.0.113.0/24'], '203.0.114.9', false],
    [['203.0.113.9'], '203.0.113.9', true],
    [['203.0.113.9'], '203.0.113.8', false],
    [['203.0.113.9'], '::ffff:203.0.113.9', true],
    [['203.0.113.9'], '::FFFF:203.0.113.9', true],
    [['203.0.113.9'], '::ffff:cb00:7109', true],
    [['203.0.113.0/24'], '::ffff:203.0.114.9', false],
    [['203.0.113.9'], 'x::ffff:203.0.113.9', false],
    [['203.0.113.9'], '::ffff:203.0.113.9x', false],
    [['203.0.113.9', '2001:db8::1'], '2001:db8::1', true],
    [['2001:db8::1'], '2001:db8::2', false],
    [[], '203.0.113.9', false],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['203.0.113.0/24'], '', false],
    [['203.0.113.0/24'], 'nonsense', false],
  ])('%o, %s: %s', (blocks, address, expected) => {
    expect(addressAllowed(blocks, address)).toBe(expected);
    expect(verdictOn(made(), addressAllowed(blocks, address), start)).toBe(expected ? 'ok' : 'address_not_allowed');
  });
});

describe('[API-1] a key', () => {
  const later = new Date(start + 3 * day).toISOString();

  it('is exactly what was asked for, active, unused, and nobody’s successor', () => {
    const body = { name: 'shop', scopes: ['payments:read'] as Scope[], allowed_addresses: ['10.0.0.1'] };
    expect(createKey(origin, { ...body, expires_at: later }, holding('payments:read'), start)).toEqual({
      fact: 'key.created',
      next: {
        id: 'key_2',
        object: 'key',
        tenant: 'ten_1',
        mode: 'test',
        kind: 'secret',
        name: 'shop',
        scopes: ['payments:read'],
        allowed_addresses: ['10.0.0.1'],
        status: 'active',
        expires_at: later,
        last_used_at: null,
        rotated_from: null,
        rotated_to: null,
        created_by: `key_us_${'m'.repeat(26)}`,
        made: [],
        created_at: '2027-01-01T00:00:00.000Z',
        secret_hmac: '1.x',
        body_digest: '1.y',
        reply: null,
      },
    });
  });

  it('is read as it was written, and not without its tenant, its HMAC or its successor', () => {
    const key = made({ id: `key_us_${'a'.repeat(26)}` });
    expect(v.parse(Key, key)).toEqual(key);
    for (const field of ['tenant', 'secret_hmac', 'rotated_to', 'body_digest', 'status'])
      expect(v.is(Key, { ...key, [field]: undefined })).toBe(false);
  });

  it('made by whom nothing bounds may hold every scope, from anywhere, for ever', () => {
    expect(unbounded).toEqual({ scopes, allowed_addresses: null, expires_at: null });
    expect(createKey(origin, { name: 'root', scopes: [...scopes] }, unbounded, start)).toMatchObject({
      next: { scopes, allowed_addresses: null, expires_at: null },
    });
  });

  it('lives as long as its issuing key and no longer', () => {
    const issuing: IssuingKey = { scopes: ['payments:read'], allowed_addresses: null, expires_at: later };
    const make = (expires_at: string) =>
      createKey(origin, { name: 'shop', scopes: ['payments:read'], expires_at }, issuing, start);
    expect(make(later)).toHaveProperty('next.expires_at', later);
    expect(make(new Date(start + day).toISOString())).toHaveProperty('next');
    expect(make(new Date(start + 3 * day + 1).toISOString())).toEqual({ refused: 'scope_not_held' });
  });

  it('is rotated into one that holds the same, in the time that is left', () => {
    const old = made({ allowed_addresses: ['10.0.0.1'], expires_at: later });
    const rotated = rotateKey(old, { ...origin, id: 'key_2' }, holding('payments:read'), start);
    if ('refused' in rotated) throw new Error(rotated.refused);
    expect(rotated.fact).toBe('key.rotated');
    expect(rotated.next).toMatchObject({
      id: 'key_2',
      name: 'shop',
      allowed_addresses: ['10.0.0.1'],
      expires_at: later,
      rotated_from: 'key_1',
      rotated_to: null,
    });
    expect(rotated.old).toEqual({ ...old, expires_at: new Date(start + day).toISOString(), rotated_to: 'key_2' });
  });

  it('that is revoked changes in nothing else', () => {
    expect(revokeKey(made())).toEqual({ fact: 'key.revoked', next: made({ status: 'revoked' }) });
  });

  it('is judged by what is positively known: absence and nonsense are never trust', () => {
    const key = { status: 'active', expires_at: null } as const;
    expect(verdictOn(key, undefined, start)).toBe('ok');
    expect(verdictOn(key, true, start)).toBe('ok');
    expect(verdictOn(key, false, start)).toBe('address_not_allowed');
    expect(verdictOn({ ...key, expires_at: 'nonsense' }, true, start)).toBe('key_expired');
    expect(verdictOn({ ...key, status: 'suspended' as 'revoked' }, true, start)).toBe('key_revoked');
  });
});
