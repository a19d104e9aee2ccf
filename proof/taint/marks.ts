// Marked values: what a person, a card or a secret looks like, around a word that nothing else in the world contains. They
// are found again in any bytes, in the spellings that software gives to text. What is told of a find is never the value.

import { createHash, randomInt } from 'node:crypto';
import { idAlphabet } from '../../contract/kernel/ids.ts';
import { views } from './spellings.ts';

interface Mark {
  readonly kind: Kind;
  /** Which field of which request held it. */
  readonly sentAs: string;
}

export interface Find extends Mark {
  readonly spelling: string;
}

export interface Marks {
  /** A new value. `shape` puts the word of another form around the mark: a field may not take the realistic one. */
  make(kind: Kind, sentAs: string, shape?: (word: string) => string): string;
  /** A value that the system made, such as the secret of a key. */
  watch(sentAs: string, value: string | Uint8Array): void;
  /** Each mark once, in the first spelling that shows it. */
  find(content: string | Uint8Array): Find[];
}

const alphabetDigits = '0123456789';
const numberChars = 4;
/** As many as four digits can number. */
const mostMarks = 9_999;
const cutOff = 'a mark that was cut';
/** A whole digest in hexadecimal or base64. */
const digestRun = /[0-9a-z+/]{22,}={0,2}/gi;

const draw = (alphabet: string, chars: number): string =>
  Array.from({ length: chars }, () => alphabet.charAt(randomInt(alphabet.length))).join('');

/** ISO/IEC 7812-1. */
function withLuhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** ISO 13616: the two check digits make the whole, with letters as 10 to 35, one modulo 97. */
function iban(country: string, account: string): string {
  const number = [...`${account}${country}00`].map((character) => Number.parseInt(character, 36)).join('');
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

/** How a value of each kind looks around its word: 16 letters and digits of base32, or 14 digits. */
const shapes = {
  name: (word: string) => `Zoë "${word}" O’Neill`,
  email: (word: string) => `zoe+${word}@example.com`,
  phone: (word: string) => `+1${word}`,
  postal_address: (word: string) => `12 ${word} Straße, 10115 Berlin`,
  card: (word: string) => withLuhnDigit(`4${word}`),
  bank_account: (word: string) => iban('MT', `MALT01100${word.toUpperCase()}00`),
  secret: (word: string) => `hunter2-${word}`,
} as const;
export type Kind = keyof typeof shapes;
export const kinds = Object.keys(shapes) as Kind[];

const inDigits: ReadonlySet<Kind> = new Set<Kind>(['phone', 'card']);

export function createMarks(): Marks {
  const letters = draw(idAlphabet, 12);
  // A leading 9: no time in milliseconds begins so.
  const digits = `9${draw(alphabetDigits, 9)}`;
  const word = new RegExp(`(?:${letters}|${digits})([0-9a-z]{0,${numberChars}})`, 'gi');
  const made: Mark[] = [];
  const digests = new Map<string, number>();
  const watched = new Map<string, number>();

  const add = (kind: Kind, sentAs: string): number => {
    if (made.length >= mostMarks) throw new Error('too many marks');
    return made.push({ kind, sentAs }) - 1;
  };
  /** Anybody can compute a digest without a key, and so look for the value that he has in mind. */
  const addDigests = (value: string | Uint8Array, number: number): void => {
    for (const algorithm of ['sha256', 'sha1', 'md5']) {
      const digest = createHash(algorithm).update(value).digest();
      for (const encoding of ['hex', 'base64'] as const) digests.set(digest.toString(encoding), number);
    }
  };
  const numbered = (number: string | undefined): Mark =>
    (number?.length === numberChars ? made[Number(number)] : undefined) ?? { kind: 'secret', sentAs: cutOff };

  return {
    make(kind, sentAs, shape = shapes[kind]) {
      const number = add(kind, sentAs);
      const value = shape((inDigits.has(kind) ? digits : letters) + String(number).padStart(numberChars, '0'));
      addDigests(value, number);
      return value;
    },
    watch(sentAs, value) {
      const number = add('secret', sentAs);
      watched.set(Buffer.from(value).toString('latin1'), number);
      addDigests(value, number);
    },
    find(content) {
      const found = new Map<string, Find>();
      for (const { spelling, text } of views(Buffer.from(content).toString('latin1'))) {
        const keep = (mark: Mark | undefined, how = spelling): void => {
          const name = `${mark?.kind} ${mark?.sentAs}`;
          if (mark !== undefined && !found.has(name)) found.set(name, { ...mark, spelling: how });
        };
        for (const [, number] of text.matchAll(word)) keep(numbered(number));
        for (const [value, number] of watched) if (text.includes(value)) keep(made[number]);
        for (const [run] of text.matchAll(digestRun)) {
          const number = digests.get(run) ?? digests.get(run.toLowerCase());
          if (number !== undefined) keep(made[number], `${spelling}, digest`);
        }
      }
      return [...found.values()];
    },
  };
}
