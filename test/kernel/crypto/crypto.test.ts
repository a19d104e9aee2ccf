// Envelopes open in their place alone; credentials are recognised offline and stored as an HMAC; secrets do not print.

import { createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../../lambdas/kernel/crypto/aes_gcm.ts';
import {
  markStage,
  mintCredential,
  parseCredential,
  pepperOf,
  verifySecret,
} from '../../../lambdas/kernel/crypto/credential.ts';
import {
  dayOf,
  type EncryptionContext,
  keyNameOf,
  open,
  type SealingKey,
  seal,
} from '../../../lambdas/kernel/crypto/envelope.ts';
import { parseVersionedKeys } from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import { equalBytes, Secret } from '../../../lambdas/kernel/crypto/secret.ts';
import { base32, derivedId, stageTag } from '../../../lambdas/kernel/platform/ids.ts';

const plaintext = createSecretKey(randomBytes(32));
const ofDay: SealingKey = { name: { day: 20_778, number: 0x01020304 }, plaintext };
const ofSubject: SealingKey = { name: 'subject', plaintext };
const place: EncryptionContext = {
  zone: 'us',
  tenant: 'ten_1',
  mode: 'test',
  purpose: 'reply',
  table: 'payments',
  item: 'pay_1',
  field: 'reply',
};

const read = (opened: ReturnType<typeof open>): string =>
  typeof opened === 'string' ? opened : opened.content.toString();

describe.each([
  ['under a data key', ofDay, 7],
  ['under a subject’s key', ofSubject, 1],
] as const)('[ENC-2] envelopes %s', (_, key, header) => {
  it('open where they were sealed, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(read(open(seal(text, key, place), key.plaintext, place))).toBe(text);
      }),
    );
  });

  it('do not open elsewhere: every combination of two places that differ in anything', () => {
    const values = {
      zone: ['us', 'eu'],
      mode: ['test', 'live', null],
      purpose: ['reply', 'address'],
      field: ['a', 'b'],
    };
    const names = { tenant: ['ten_1', 'ten_2'], table: ['payments', 'customers'], item: ['pay_1', 'pay_2'] };
    const all = Object.entries({ ...values, ...names }).reduce<object[]>(
      (places, [field, each]) => places.flatMap((known) => each.map((value) => ({ ...known, [field]: value }))),
      [{}],
    ) as unknown as EncryptionContext[];
    expect(all).toHaveLength(192);
    for (const from of all.slice(0, 24)) {
      const sealed = seal('text', key, from);
      for (const to of all) expect(read(open(sealed, plaintext, to))).toBe(from === to ? 'text' : 'not_authentic');
    }
  });

  it('are not confused by what stands in two neighbours', () => {
    const sealed = seal('text', key, { ...place, table: 'a","b', item: 'c' });
    expect(open(sealed, plaintext, { ...place, table: 'a', item: 'b","c' })).toBe('not_authentic');
  });

  it('do not open with one bit flipped, truncated, or under another key', () => {
    const sealed = seal('text', key, place);
    for (let at = 0; at < sealed.length; at += 1) {
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
    const nonces = Array.from({ length: 100 }, () =>
      Buffer.from(seal('text', key, place).subarray(header, header + 12)).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(100);
  });

  it('that are too short for their parts are malformed', () => {
    const empty = seal('', key, place);
    expect(empty).toHaveLength(header + 28);
    expect(read(open(empty, plaintext, place))).toBe('');
    for (let length = 0; length < empty.length; length += 1)
      expect(open(empty.subarray(0, length), plaintext, place)).toBe('malformed');
    expect(open(Uint8Array.from(empty).fill(3, 0, 1), plaintext, place)).toBe('malformed');
  });
});

describe('[ENC-2] an envelope, byte by byte', () => {
  const opened = (sealed: Uint8Array, from: number, additional: string): string => {
    const decipher = createDecipheriv('aes-256-gcm', plaintext, sealed.subarray(from, from + 12));
    decipher.setAAD(Buffer.from(additional));
    decipher.setAuthTag(sealed.subarray(-16));
    return decipher.update(sealed.subarray(from + 12, -16)).toString() + decipher.final().toString();
  };

  it('is a version, the day and number of its key, a nonce, the ciphertext and a tag', () => {
    const sealed = seal('text', ofDay, place);
    expect(sealed).toHaveLength(7 + 12 + 4 + 16);
    expect([...sealed.subarray(0, 7)]).toEqual([1, 81, 42, 1, 2, 3, 4]);
    expect(keyNameOf(sealed)).toEqual(ofDay.name);
    expect(keyNameOf(Buffer.concat([Buffer.alloc(5), sealed]).subarray(5))).toEqual(ofDay.name);
    expect(opened(sealed, 7, '[1,20778,16909060,"us","ten_1","test","reply","payments","pay_1","reply"]')).toBe('text');
    expect([dayOf(0), dayOf(86_399_999), dayOf(86_400_000), dayOf(8e15)]).toEqual([0, 0, 1, 65_535]);
  });

  it('is a version, a nonce, the ciphertext and a tag under a subject’s key', () => {
    const sealed = seal('text', ofSubject, { ...place, mode: null });
    expect(sealed).toHaveLength(1 + 12 + 4 + 16);
    expect(sealed[0]).toBe(2);
    expect(keyNameOf(sealed)).toBe('subject');
    expect(opened(sealed, 1, '[2,"us","ten_1",null,"reply","payments","pay_1","reply"]')).toBe('text');
  });

  it('opens as published: docs/envelope_vectors.json', () => {
    const file = JSON.parse(readFileSync(new URL('../../../docs/envelope_vectors.json', import.meta.url), 'utf8'));
    expect(file.vectors.length).toBeGreaterThan(3);
    for (const { key, place, text, envelope } of file.vectors) {
      const sealed = Buffer.from(envelope, 'base64');
      expect(read(open(sealed, createSecretKey(Buffer.from(key, 'hex')), place))).toBe(text);
    }
  });
});

describe('[ENC-2] AES-256-GCM', () => {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 13 to 16.
  const key = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
  const text =
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
  const cipher =
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662';
  const more = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
  const zero = '00'.repeat(32);
  const nonce = 'cafebabefacedbaddecaf888';

  it.each([
    ['13', zero, '00'.repeat(12), '', '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
    [
      '14',
      zero,
      '00'.repeat(12),
      '',
      '00'.repeat(16),
      'cea7403d4d606b6e074ec5d3baf39d18',
      'd0d1c8a799996bf0265b98b5d48ab919',
    ],
    ['15', key, nonce, '', `${text}1aafd255`, `${cipher}898015ad`, 'b094dac5d93471bdec1a502270e3cc6c'],
    ['16', key, nonce, more, text, cipher, '76fc6ece0f4e1768cddf8853bb2d551b'],
  ])('is the published one: test case %s', (_, key, nonce, additional, text, body, tag) => {
    const [secret, iv, aad] = [createSecretKey(key, 'hex'), Buffer.from(nonce, 'hex'), Buffer.from(additional, 'hex')];
    const given = Buffer.from(text, 'hex');
    const sealed = encrypt(secret, iv, aad, given);
    expect(sealed.map((bytes) => bytes.toString('hex'))).toEqual([body, tag]);
    expect(decrypt(secret, iv, aad, Buffer.concat(sealed))?.equals(given)).toBe(true);
    expect(decrypt(secret, iv, aad, Buffer.concat([sealed[0], Buffer.alloc(16)]))).toBeUndefined();
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
    const others = parseVersionedKeys('{"current":"3","3":"newer"}');
    expect(() => parsed && verifySecret(parsed, minted.stored, others)).toThrow('a pepper that is gone');
    expect(() => parsed && verifySecret(parsed, '', peppers)).toThrow('a pepper that is gone');
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
