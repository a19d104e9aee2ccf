// Envelopes open in their place alone; credentials are recognised offline and stored as an HMAC; secrets do not print.

import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markStage, mintCredential, parseCredential, verifySecret } from '../../lambdas/crypto/credential.ts';
import { open, type Place, seal } from '../../lambdas/crypto/envelope.ts';
import { parseVersionedKeys } from '../../lambdas/crypto/platform_secrets.ts';
import { Secret } from '../../lambdas/crypto/secret.ts';
import { derivedId } from '../../lambdas/platform/ids.ts';

const key = { wrapped: randomBytes(184), plaintext: createSecretKey(randomBytes(32)) };
const place: Place = {
  zone: 'us',
  tenant: 'ten_1',
  purpose: 'reply',
  table: 'payments',
  item: 'pay_1',
  field: 'reply',
};

describe('[ENC-2] envelopes', () => {
  it('open where they were sealed, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(open(seal(text, key, place), key.plaintext, place)).toEqual({ text });
      }),
    );
  });

  it.each(Object.keys(place) as (keyof Place)[])('do not open elsewhere: other %s', (field) => {
    const sealed = seal('text', key, place);
    expect(open(sealed, key.plaintext, { ...place, [field]: 'eu' })).toBe('not_authentic');
  });

  it('do not open with one bit flipped, truncated, or under another key', () => {
    const sealed = seal('text', key, place);
    for (let at = 0; at < sealed.length; at += 1) {
      if (at >= 3 && at < 3 + key.wrapped.length) continue;
      const flipped = Uint8Array.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(typeof open(flipped, key.plaintext, place)).toBe('string');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(typeof open(sealed.subarray(0, length), key.plaintext, place)).toBe('string');
    }
    expect(open(sealed, createSecretKey(randomBytes(32)), place)).toBe('not_authentic');
  });
});

describe('[API-1] credentials', () => {
  const peppers = parseVersionedKeys('{"current":"2","1":"old","2":"new"}');
  const id = markStage(derivedId('key', 'us', ['x']), 'production');
  const minted = mintCredential(id, 'test', 'us', randomBytes, peppers);
  const bearer = `Bearer ${minted.text.reveal()}`;

  it('what was minted is parsed and verified', () => {
    const parsed = parseCredential(bearer, 'production');
    expect(parsed).toMatchObject({ kind: 'key', mode: 'test', zone: 'us', id, ofStage: true });
    expect(parsed && verifySecret(parsed, minted.stored, peppers)).toBe(true);
  });

  it('any one character changed is not recognised, or does not verify', () => {
    const text = minted.text.reveal();
    for (let at = 0; at < text.length; at += 1) {
      const other = text.charAt(at) === 'a' ? 'b' : 'a';
      const parsed = parseCredential(`Bearer ${text.slice(0, at)}${other}${text.slice(at + 1)}`, 'production');
      expect(parsed).toBeNull();
    }
  });

  it('a key of another stage is told apart offline', () => {
    expect(parseCredential(bearer, 'staging')).toMatchObject({ ofStage: false });
  });

  it('only an HMAC is stored, and it verifies under the pepper that it names alone', () => {
    const parsed = parseCredential(bearer, 'production');
    expect(minted.stored).not.toContain(minted.text.reveal().split('_')[4]?.slice(0, 20));
    expect(parsed && verifySecret(parsed, minted.stored.replace('2.', '1.'), peppers)).toBe(false);
    expect(parsed && verifySecret(parsed, minted.stored, parseVersionedKeys('{"current":"3","3":"newer"}'))).toBe(
      false,
    );
    expect(parsed && verifySecret(parsed, '', peppers)).toBe(false);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer sk_test_us_x', `${bearer} `, `${bearer},${bearer}`])(
    '%j is nobody’s',
    (header) => {
      expect(parseCredential(header, 'production')).toBeNull();
      expect(parseCredential(undefined, 'production')).toBeNull();
    },
  );
});

describe('[ENC-4] secrets are a type that does not print', () => {
  it('in text, JSON, templates and the inspector', () => {
    const secret = new Secret('hunter2');
    for (const shown of [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }),
    ]) {
      expect(shown).toContain('[secret]');
      expect(shown).not.toContain('hunter2');
    }
    expect(secret.reveal()).toBe('hunter2');
  });
});
