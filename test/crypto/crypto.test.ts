// Envelopes open in their place alone; credentials are recognised offline and stored as an HMAC; secrets do not print.

import { createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markStage, mintCredential, parseCredential, pepperOf, verifySecret } from '../../lambdas/crypto/credential.ts';
import { type DataKey, dayOf, keyNameOf, open, type Place, seal } from '../../lambdas/crypto/envelope.ts';
import { parseVersionedKeys } from '../../lambdas/crypto/platform_secrets.ts';
import { equalBytes, Secret } from '../../lambdas/crypto/secret.ts';
import { base32, derivedId, stageTag } from '../../lambdas/platform/ids.ts';

const wrapped = randomBytes(184);
const plaintext = createSecretKey(randomBytes(32));
/** One that its envelopes carry, and one that they name. */
const carried: DataKey = { name: { wrapped }, plaintext };
const named: DataKey = { name: { day: 20_778 }, plaintext };
const place: Place = {
  zone: 'us',
  tenant: 'ten_1',
  purpose: 'reply',
  table: 'payments',
  item: 'pay_1',
  field: 'reply',
};

describe.each([
  ['that carry their key', carried],
  ['that name their key', named],
] as const)('[ENC-2] envelopes %s', (_, key) => {
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
      // Which key it was is for KMS to say.
      if (key === carried && at >= 3 && at < 3 + wrapped.length) continue;
      const flipped = Uint8Array.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(typeof open(flipped, key.plaintext, place)).toBe('string');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(typeof open(sealed.subarray(0, length), key.plaintext, place)).toBe('string');
    }
    expect(open(sealed, createSecretKey(randomBytes(32)), place)).toBe('not_authentic');
  });

  it('have a nonce of their own each time', () => {
    const from = key === carried ? 187 : 3;
    const nonces = Array.from({ length: 100 }, () =>
      Buffer.from(seal('text', key, place).subarray(from, from + 12)).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(100);
  });
});

describe('[ENC-2] an envelope, byte by byte', () => {
  const opened = (sealed: Uint8Array, from: number, additional: string): string => {
    const decipher = createDecipheriv('aes-256-gcm', plaintext, sealed.subarray(from, from + 12));
    decipher.setAAD(Buffer.from(additional));
    decipher.setAuthTag(sealed.subarray(-16));
    return decipher.update(sealed.subarray(from + 12, -16)).toString() + decipher.final().toString();
  };

  it('is a version, the wrapped key with its length, a nonce, the ciphertext and a tag', () => {
    const sealed = seal('text', carried, place);
    expect(sealed).toHaveLength(3 + 184 + 12 + 4 + 16);
    expect([...sealed.subarray(0, 3)]).toEqual([1, 0, 184]);
    expect(keyNameOf(sealed)).toEqual({ wrapped });
    const long = randomBytes(300);
    const sealedLong = seal('', { plaintext, name: { wrapped: long } }, place);
    expect([...sealedLong.subarray(0, 3)]).toEqual([1, 1, 44]);
    expect(keyNameOf(sealedLong)).toEqual({ wrapped: long });
    expect(opened(sealed, 187, '[1,"us","ten_1","reply","payments","pay_1","reply"]')).toBe('text');
  });

  it('is a version, the day of its key, a nonce, the ciphertext and a tag', () => {
    const sealed = seal('text', named, place);
    expect(sealed).toHaveLength(3 + 12 + 4 + 16);
    expect([...sealed.subarray(0, 3)]).toEqual([2, 81, 42]);
    expect(keyNameOf(sealed)).toEqual({ day: 20_778 });
    expect(opened(sealed, 3, '[2,20778,"us","ten_1","reply","payments","pay_1","reply"]')).toBe('text');
    expect([dayOf(0), dayOf(86_399_999), dayOf(86_400_000), dayOf(8e15)]).toEqual([0, 0, 1, 65_535]);
  });

  it('that is too short for its parts, or of another version, is malformed', () => {
    const bare: DataKey = { plaintext, name: { wrapped: new Uint8Array() } };
    for (const key of [bare, named]) {
      const empty = seal('', key, place);
      expect(empty).toHaveLength(31);
      expect(open(empty, plaintext, place)).toEqual({ text: '' });
      for (let length = 0; length < 31; length += 1)
        expect(open(empty.subarray(0, length), plaintext, place)).toBe('malformed');
    }
    const sealed = seal('text', carried, place);
    expect(open(seal('', carried, place).subarray(0, -1), plaintext, place)).toBe('malformed');
    expect(open(Uint8Array.from(sealed).fill(3, 0, 1), plaintext, place)).toBe('malformed');
    expect(open(sealed.subarray(0, 60), plaintext, place)).toBe('malformed');
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

describe('[API-1] the form of a credential', () => {
  const peppers = parseVersionedKeys('{"current":"2","1":"old","2":"new"}');
  const keyId = markStage(derivedId('key', 'us', ['x']), 'production');
  const operatorId = markStage(derivedId('operator', 'eu', ['x']), 'production');

  it('tells kind, mode, zone and id, and the scanner’s checksum', () => {
    const live = mintCredential(keyId, 'live', 'us', randomBytes, peppers).text.reveal();
    expect(live).toMatch(/^sk_live_us_[a-z2-7]{26}_[a-z2-7]{46}$/);
    expect(live.split('_')[3]).toBe(keyId.slice(-26));
    const operator = mintCredential(operatorId, null, 'eu', randomBytes, peppers).text.reveal();
    expect(operator).toMatch(/^ok_eu_[a-z2-7]{26}_[a-z2-7]{46}$/);
    expect(parseCredential(`Bearer ${live}`, 'production')).toMatchObject({ kind: 'key', mode: 'live', zone: 'us' });
    expect(parseCredential(`bearer ${operator}`, 'production')).toMatchObject({
      kind: 'operator',
      mode: null,
      zone: 'eu',
      id: operatorId,
    });
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(live.slice(0, -7)));
    expect(live.slice(-7)).toBe(base32(checksum));
  });

  it('holds 192 random bits, of which the HMAC is made together with the id', () => {
    const asked: number[] = [];
    const zeros = (bytes: number) => {
      asked.push(bytes);
      return new Uint8Array(bytes);
    };
    const minted = mintCredential(keyId, 'test', 'us', zeros, peppers);
    expect(asked).toEqual([24]);
    const hmac = createHmac('sha256', 'new')
      .update(`${keyId}:${'a'.repeat(39)}`)
      .digest('base64url');
    expect(minted.stored).toBe(`2.${hmac}`);
    const parsed = parseCredential(`Bearer ${minted.text.reveal()}`, 'production');
    expect(parsed?.secret.reveal()).toBe('a'.repeat(39));
    expect(parsed && verifySecret({ ...parsed, id: 'key_us_other' }, minted.stored, peppers)).toBe(false);
    expect(pepperOf(minted.stored)).toBe('2');
    expect(pepperOf('')).toBe('');
    expect(pepperOf('2026-11.x')).toBe('2026-11');
    expect(pepperOf('1.x.y')).toBe('1');
  });

  it('is not minted without a pepper', () => {
    const without = { current: '3', key: () => undefined };
    expect(() => mintCredential(keyId, 'test', 'us', randomBytes, without)).toThrow('the current pepper is missing');
  });

  it('stands alone in its header, whole and in its own alphabet', () => {
    const text = mintCredential(keyId, 'test', 'us', randomBytes, peppers).text.reveal();
    const body = text.slice('sk_test_us_'.length, -7);
    const checked = (front: string) => {
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(front));
      return front + base32(checksum);
    };
    expect(parseCredential(`Bearer ${checked(`sk_test_us_${body}`)}`, 'production')).not.toBeNull();
    for (const header of [
      `Basic Bearer ${text}`,
      `Bearer  ${text}`,
      `Bearer${text}`,
      `Bearer ${text}\n`,
      `Bearer ${text} x`,
      `Bearer ${text}-`,
      `Bearer ${checked(`xsk_test_us_${body}`)}`,
      `Bearer ${checked(`sk_test_us_${body}`)}a`,
      `Bearer ${checked(`sk_demo_us_${body}`)}`,
      `Bearer ${checked(`sk_us_${body}`)}`,
      `Bearer ${checked(`ok_test_us_${body}`)}`,
      `Bearer ${checked(`sk_test_mars_${body}`)}`,
      `Bearer ${checked(`sk_test_us_${body}a`)}`,
      `Bearer ${checked(`sk_test_us_${body.slice(1)}`)}`,
      `Bearer ${checked(`sk_test_us_${body.slice(0, -1)}1`)}`,
      `Bearer ${checked(`sk_test_us_1${body.slice(1)}`)}`,
      `Bearer ${checked(`sk_test_us_${body.toUpperCase()}`)}`,
    ])
      expect(`${header} ${parseCredential(header, 'production')}`).toBe(`${header} null`);
  });

  it('bears its stage in two characters of its id, and nothing else of the id changes', () => {
    const id = `key_us_${'a'.repeat(26)}`;
    const marked = markStage(id, 'production');
    expect(marked).toMatch(/^key_us_[a-z2-7]{2}a{24}$/);
    expect(marked.slice(7, 9)).toBe(stageTag('production'));
  });
});

describe('[ENC-4] secrets are compared', () => {
  it('by all their bytes, whatever their lengths', () => {
    expect(equalBytes(Buffer.from('ab'), Buffer.from('ab'))).toBe(true);
    expect(equalBytes(Buffer.from('ab'), Buffer.from('ac'))).toBe(false);
    expect(equalBytes(Buffer.from('ab'), Buffer.from('abc'))).toBe(false);
    expect(equalBytes(Buffer.from('ab'), Buffer.from(''))).toBe(false);
  });
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
