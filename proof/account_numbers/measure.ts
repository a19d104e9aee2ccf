// Counts what the matcher of card and bank account numbers misses, over generated numbers of every brand in every spelling, and
// what it takes for one and is none, over identifiers; and its time for a request. Prints a table: run with
// `node proof/account_numbers/measure.ts [identifiers of each kind]`.

import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { idAlphabet } from '../../contract/kernel/ids.ts';
import { idPrefixes } from '../../contract/kernel/vocabulary.ts';
import { accountNumberIn, accountNumberWithin } from '../../lambdas/kernel/domain/account_number.ts';
import {
  articleOf,
  brands,
  cardOf,
  type Draw,
  ibanOf,
  ibanSpellings,
  issued,
  sixteenDigitSpellings,
  spellings,
} from './numbers.ts';

const draw: Draw = (below) => randomInt(below);
const numbersEach = 40;

const drawn = (alphabet: string, chars: number): string =>
  Array.from(randomBytes(chars), (byte) => alphabet[byte % alphabet.length]).join('');
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const nano = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict';
const prefixes = Object.values(idPrefixes);

export const identifiers: Readonly<Record<string, () => string>> = {
  'UUID v4': () => randomUUID(),
  'UUID v4, hexadecimal': () => randomUUID().replaceAll('-', ''),
  'SHA-256, hexadecimal': () => createHash('sha256').update(randomBytes(16)).digest('hex'),
  'SHA-1, hexadecimal': () => createHash('sha1').update(randomBytes(16)).digest('hex'),
  'MD5, hexadecimal': () => randomBytes(16).toString('hex'),
  ULID: () => `01${drawn(crockford, 24)}`,
  'ids of ours': () => `${prefixes[draw(prefixes.length)]}_us_${drawn(idAlphabet, 26)}`,
  'Nano ID': () => drawn(nano, 21),
  'fingerprint of SHA-256': () =>
    createHash('sha256')
      .update(randomBytes(16))
      .digest('hex')
      .replace(/..(?=.)/g, '$&:'),
  // Of Germany, Russia, Taiwan and Japan: they begin like Visa's.
  'EAN-13': () => articleOf(['400', '440', '460', '471', '49'][draw(5)] ?? '400', draw),
  'EAN-13 in a text': () => `EAN: ${articleOf('40', draw)}, 2 x ${articleOf('43', draw)}`,
  'time, RFC 3339': () => new Date(draw(2 ** 41)).toISOString(),
  'two dates': () => {
    const day = () => `${draw(28) + 1}`.padStart(2, '0');
    const month = () => `${draw(12) + 1}`.padStart(2, '0');
    return `${day()}.${month()}.2026 - ${day()}.${month()}.2027`;
  },
  coordinates: () => `${draw(90)}.${drawn('0123456789', 6)}, ${draw(180)}.${drawn('0123456789', 6)}`,
};

const share = (part: number, whole: number): string => `${part} of ${whole}`;

function misses(): void {
  console.log(`cards: ${brands.length} brands, ${issued.length} ranges, ${numbersEach} numbers each`);
  for (const [name, write] of Object.entries({ ...spellings, ...sixteenDigitSpellings })) {
    const missed = new Map<string, number>();
    let all = 0;
    for (const row of issued) {
      if (name in sixteenDigitSpellings && row[2] !== 16) continue;
      for (let time = 0; time < numbersEach; time += 1) {
        all += 1;
        if (accountNumberIn(write(cardOf(row, draw))) === 'card') continue;
        missed.set(row[0], (missed.get(row[0]) ?? 0) + 1);
      }
    }
    const sum = [...missed.values()].reduce((total, each) => total + each, 0);
    const where = [...missed].map(([brand, count]) => `${brand} ${count}`).join(', ');
    console.log(`  ${name.padEnd(32)} missed ${share(sum, all)}${where && ` (${where})`}`);
  }
  for (const [name, write] of Object.entries(ibanSpellings)) {
    let missed = 0;
    const all = numbersEach * 10;
    for (let time = 0; time < all; time += 1) {
      const german = ibanOf('DE', drawn('0123456789', 18));
      const british = ibanOf('GB', `NWBK${drawn('0123456789', 14)}`);
      for (const iban of [german, british]) if (accountNumberIn(write(iban)) !== 'iban') missed += 1;
    }
    console.log(`  IBAN, ${name.padEnd(26)} missed ${share(missed, 2 * all)}`);
  }
}

function falseAlarms(count: number): void {
  for (const [name, make] of Object.entries(identifiers)) {
    let alarms = 0;
    for (let time = 0; time < count; time += 1) if (accountNumberIn(make()) !== null) alarms += 1;
    console.log(`  ${name.padEnd(32)} false alarms ${share(alarms, count)}`);
  }
}

/** What creating a payment sends. */
const body = {
  amount: 12_599,
  currency: 'EUR',
  payment_method: 'pm_card_visa',
  capture: 'manual',
  customer: `cus_us_${'a2'.repeat(13)}`,
  description: 'Order 10023, three shirts and a pair of shoes',
  metadata: { order: '10023', cart: randomUUID(), placed_at: '2026-12-01T10:20:30.123Z' },
};

function speed(): void {
  const text = JSON.stringify(body);
  const times = 20_000;
  const once = (): void => {
    accountNumberWithin([text, body, randomKey]);
  };
  const randomKey = randomUUID();
  for (let time = 0; time < times; time += 1) once();
  const began = performance.now();
  for (let time = 0; time < times; time += 1) once();
  console.log(`  a payment's request: ${(((performance.now() - began) / times) * 1000).toFixed(1)} microseconds`);
}

if (import.meta.main) {
  misses();
  falseAlarms(Number(process.argv[2] ?? 1_000_000));
  speed();
}
