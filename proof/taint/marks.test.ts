// The search finds what it is made for: a mark that it could not see would make every other rule here an empty one.

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { accountNumberIn } from '../../lambdas/kernel/domain/account_number.ts';
import { spellings as cardSpellings, ibanSpellings } from '../account_numbers/numbers.ts';
import { createMarks, kinds } from './marks.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const each = (text: string, spell: (code: string) => string): string =>
  [...Buffer.from(text)].map((byte) => spell(byte.toString(16).padStart(2, '0'))).join('');

/** As software writes a text down. */
const spellings: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'in small letters': (text) => text.toLowerCase(),
  'in JSON': (text) => JSON.stringify({ text }),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify({ text })),
  'in JSON, all escaped': (text) => `"${each(text, (code) => `\\u00${code}`)}"`,
  'in a URL': (text) => new URLSearchParams({ text }).toString(),
  'in a URL, all escaped': (text) => each(text, (code) => `%${code}`),
  'in a URL, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in markup': (text) => each(text, (code) => `&#x${code};`),
  'in hexadecimal': (text) => `id=${hex(text)}`,
  'in hexadecimal capitals, off by one digit': (text) => `A${hex(text).toUpperCase()}`,
  'in base64': (text) => base64(text),
  'in base64, one byte on': (text) => base64(`.${text}`),
  'in base64, two bytes on': (text) => base64(`..${text}`),
  'in base64 behind other letters': (text) => `key${base64(text)}`,
  'in base64url': (text) => Buffer.from(`??>${text}`).toString('base64url'),
  'in base64 in JSON in base64': (text) => base64(JSON.stringify({ body: base64(text) })),
  'in hexadecimal in base64': (text) => base64(hex(text)),
  'in base64 of JSON, all escaped': (text) => base64(each(text, (code) => `\\u00${code}`)),
  'as a list of bytes': (text) => JSON.stringify(Buffer.from(text)),
  'as a Buffer that is shown': (text) => inspect(Buffer.from(text)),
  'as an array that is shown': (text) => inspect(new Uint8Array(Buffer.from(text))),
  'in UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'as a digest': (text) => createHash('sha256').update(text).digest('hex'),
  'as a digest in base64': (text) => createHash('md5').update(text).digest('base64'),
};

describe('a mark', () => {
  it.each(Object.entries(spellings))('%s is found, in text and in bytes, and told apart from others', (_, spell) => {
    const marks = createMarks();
    for (const kind of kinds) {
      const value = marks.make(kind, `test ${kind}`);
      const spelt = Buffer.from(spell(value));
      const noise = Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 37) % 256));
      for (const content of [spelt, Buffer.concat([noise, Buffer.from('"'), spelt, Buffer.from('"'), noise])]) {
        expect(marks.find(content)).toMatchObject([{ kind, sentAs: `test ${kind}` }]);
      }
    }
  });

  it('in digits is found in the groups in which people write them', () => {
    const marks = createMarks();
    const card = marks.make('card', 'test card');
    for (const gap of [' ', '-', '.', ' - ']) {
      const grouped = card.replace(/(\d{4})(?=\d)/g, `$1${gap}`);
      expect(marks.find(`pan: ${grouped}`)).toMatchObject([{ kind: 'card' }]);
    }
  });

  it.each(Object.entries(cardSpellings))('of a card is found %s', (_, write) => {
    const marks = createMarks();
    expect(marks.find(write(marks.make('card', 'test card')))).toMatchObject([{ kind: 'card' }]);
  });

  it.each(Object.entries(ibanSpellings))('of a bank account is found %s', (_, write) => {
    const marks = createMarks();
    expect(marks.find(write(marks.make('bank_account', 'test account')))).toMatchObject([{ kind: 'bank_account' }]);
  });

  it('that was cut off is found as such', () => {
    const marks = createMarks();
    const [whole] = marks.make('email', 'test').split('@');
    expect(marks.find(String(whole).slice(0, -2))).toMatchObject([{ sentAs: 'a mark that was cut' }]);
  });

  it('made by the system is found by its value', () => {
    const marks = createMarks();
    const value = 'k7'.repeat(16);
    marks.watch('test', value);
    marks.watch('test bytes', Buffer.from(value, 'base64'));
    expect(marks.find(base64(`key ${value}`))).toMatchObject([{ sentAs: 'test' }, { sentAs: 'test bytes' }]);
  });

  it('is found in nothing else', () => {
    const marks = createMarks();
    for (const kind of kinds) marks.make(kind, 'test');
    const other = createMarks();
    for (const kind of kinds) expect(marks.find(other.make(kind, 'test'))).toEqual([]);
    expect(marks.find(gzipSync(Buffer.alloc(100_000)))).toEqual([]);
    expect(marks.find(createHash('sha256').update('test').digest('hex'))).toEqual([]);
  });

  it('is told without its value', () => {
    const marks = createMarks();
    const values = kinds.map((kind) => marks.make(kind, 'test'));
    const described = JSON.stringify(marks.find(values.join('\n')));
    expect(marks.find(described)).toEqual([]);
  });

  it('looks like what it stands for', () => {
    const marks = createMarks();
    expect(accountNumberIn(marks.make('card', 'test'))).toBe('card');
    const iban = marks.make('bank_account', 'test');
    expect(accountNumberIn(iban)).toBe('iban');
    expect(marks.make('phone', 'test')).toMatch(/^\+\d{15}$/);
  });
});
