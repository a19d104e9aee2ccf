// Card-shaped values are found however they are written, and ordinary identifiers are left alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from '../../../lambdas/kernel/domain/card_number.ts';

// Published test numbers of the networks.
const cards = [
  '4242424242424242',
  '4111111111111111',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '3056930009020004',
  '3566002020360505',
  '6200000000000005',
];

describe('[PCI-1] a value shaped like a card number', () => {
  it.each(cards)('%s is found alone, grouped, in text, in full-width digits', (card) => {
    const groups = card.length === 15 ? [4, 6, 5] : [4, 4, 4, 4];
    let rest = card;
    const parts = groups.map((size) => {
      const part = rest.slice(0, size);
      rest = rest.slice(size);
      return part;
    });
    for (const written of [card, parts.join(' '), parts.join('-'), parts.join('.'), parts.join('\u2013')]) {
      expect(holdsCardNumber(written)).toBe(true);
      expect(holdsCardNumber(`card ${written}, exp 12/29`)).toBe(true);
      expect(holdsCardNumber(`x${written}y`)).toBe(true);
    }
    expect(holdsCardNumber(card.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))))).toBe(true);
  });

  it.each([
    '4111  1111\t1111 - 1111',
    '4111/1111/1111/1111',
    '4111_1111_1111_1111',
    '41\u200b11111111111111',
    '4111\u22121111\u22121111\u22121111',
    '4111-1111 1111.1111',
  ])('%j is found', (written) => {
    expect(holdsCardNumber(written)).toBe(true);
  });

  it('is found in the digits of other scripts', () => {
    for (const zero of [0x0660, 0x0966, 0xff10, 0x1d7ce, 0x1d7e2]) {
      const written = '4111111111111111'.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
      expect(holdsCardNumber(written)).toBe(true);
    }
  });

  it('is no telephone number: of E.164, German ones have thirteen digits and begin like a card', () => {
    const german = Array.from({ length: 100 }, (_, last) => `+49151234567${String(last).padStart(2, '0')}`);
    expect(german.filter((number) => holdsCardNumber(JSON.stringify({ phone: number })))).toEqual([]);
    expect(german.filter((number) => holdsCardNumber(number.slice(1)))).toHaveLength(10);
    for (const card of cards) expect(holdsCardNumber(`+${card}`)).toBe(true);
    expect(holdsCardNumber('+491512345670 4242424242424242')).toBe(true);
  });

  it('is looked for in the largest body, whatever it holds, within what a function has', () => {
    // Normalising (NFKC) took 17 s for the first of these; reading them takes milliseconds.
    const began = performance.now();
    for (const hard of ['\u0315\u0300', '1 ', '1234 1234 ', '4', '\u0660', '1234-123456-']) {
      const half = hard.slice(0, 1).repeat(64 * 1024) + hard.slice(1).repeat(64 * 1024);
      for (const long of [half, hard.repeat(Math.floor((128 * 1024) / hard.length))]) holdsCardNumber(long);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it.each(cards)('%s with one digit changed is not', (card) => {
    const last = (Number(card.at(-1)) + 1) % 10;
    expect(holdsCardNumber(card.slice(0, -1) + last)).toBe(false);
  });

  it('UUIDs, times and amounts are not', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => !holdsCardNumber(id)),
      { numRuns: 20_000 },
    );
    expect(holdsCardNumber('446a5544-4242-4242-4242-424242424242')).toBe(false);
    expect(holdsCardNumber('2026-11-21T08:54:15.123Z')).toBe(false);
    expect(holdsCardNumber('key-0.4242424242424242')).toBe(false);
    expect(holdsCardNumber('1767225600000')).toBe(false);
    expect(holdsCardNumber('99999999999')).toBe(false);
  });
});

/** `prefix`, then sevens, then the digit that makes it pass Luhn's test. */
function numberOf(prefix: string, length: number): string {
  const front = prefix.padEnd(length - 1, '7');
  const digits = [...front].reverse().map(Number);
  const sum = digits.reduce(
    (all, digit, at) => all + (at % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
    0,
  );
  return front + ((10 - (sum % 10)) % 10);
}

describe('[PCI-1] issuers', () => {
  const to19 = [16, 17, 18, 19];
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
  const known: [string[], number[]][] = [
    [
      ['40', '42', '49'],
      [13, 16, 19],
    ],
    [range(51, 55), [16]],
    [range(2221, 2720), [16]],
    [['34', '37'], [15]],
    [['6011', ...range(644, 649), '65'], to19],
    [range(3528, 3589), to19],
    [
      [...range(300, 305), '3095', '36', '38', '39'],
      [14, 15, ...to19],
    ],
    [['62', '81'], to19],
    [
      ['5018', '5020', '5038', '5893', '6304', '6759', ...range(6761, 6763)],
      [13, 14, 15, ...to19],
    ],
    [range(2200, 2204), to19],
  ];
  const unknown = [
    ...['10', '19', '2199', '2205', '2220', '2721', '273', '28', '29', '306', '308', '3094', '3096', '31', '32', '33'],
    ...['3527', '3590', '501', '5019', '5021', '5037', '56', '57', '5892', '5894', '60', '6010', '6012', '61', '6303'],
    ...['6305', '640', '643', '66', '6758', '6760', '6764', '70', '80', '82', '90', '105018', '102200'],
  ];

  it('are known by their first digits and the lengths that they use', () => {
    for (const [prefixes, lengths] of known) {
      for (const prefix of prefixes) {
        for (let length = 13; length <= 19; length += 1) {
          const number = numberOf(prefix, length);
          expect(`${number} ${holdsCardNumber(number)}`).toBe(`${number} ${lengths.includes(length)}`);
        }
        for (const length of [12, 20]) expect(holdsCardNumber(numberOf(prefix, length))).toBe(false);
      }
    }
  });

  it('are no others', () => {
    for (const prefix of unknown) {
      for (let length = 12; length <= 20; length += 1) {
        const number = numberOf(prefix, length);
        expect(`${number} ${holdsCardNumber(number)}`).toBe(`${number} false`);
      }
    }
  });
});

describe('[PCI-1] digits in groups', () => {
  const long = numberOf('6011', 19);
  const diners = numberOf('36', 14);
  const fours = '4242 4242 4242 4242';

  it.each([
    [`${long.slice(0, 4)} ${long.slice(4, 8)} ${long.slice(8, 12)} ${long.slice(12, 16)} ${long.slice(16)}`, true],
    [`${long.slice(0, 4)} ${long.slice(4, 8)} ${long.slice(8, 12)} ${long.slice(12, 16)} - ${long.slice(16)}`, true],
    [`${diners.slice(0, 4)} ${diners.slice(4, 10)} ${diners.slice(10)}`, true],
    ['3782 - 822463 - 10005', true],
    ['3782  -  822463-10005', false],
    ['4242 - 4242 - 4242 - 4242', true],
    ['4242    4242 4242 4242', false],
    ['4242 4242    4242 4242', false],
    ['4242 4242 4242    4242', false],
    ['42424242 4242 4242', false],
    ['4242 42424242 4242', false],
    ['4242 4242 42424242', false],
    ['4242x4242x4242x4242', false],
    [`a${fours}`, false],
    [`F${fours}`, false],
    [`${fours}a`, false],
    [`g${fours}g`, true],
    [`1${fours}`, false],
    [`${fours}1`, false],
    ['a3782 822463 10005', false],
    ['3782 822463 10005a', false],
    ['37828224631 0005', false],
    ['.4242424242424242', true],
    ['0.4242424242424242', false],
    ['v1. 4242424242424242', true],
    ['04242424242424242', false],
    ['42424242424242420', false],
    ['4242\t4242\r4242\n4242', true],
    ['4242\u00a04242\u20034242\u30004242', true],
    ['4242\u20144242\u2015 4242\ufe584242', true],
    ['42\u200d42\ufeff424242424242', true],
  ])('%j: %s', (written, expected) => {
    expect(holdsCardNumber(written)).toBe(expected);
  });

  it('one card among numbers that are none is enough', () => {
    expect(holdsCardNumber('1234567890123456 and 4242424242424242')).toBe(true);
    expect(holdsCardNumber('4242424242424241 and 1234567890123456')).toBe(false);
    expect(holdsCardNumber('')).toBe(false);
  });

  it('of every script count, whatever digit is written', () => {
    for (const card of cards) {
      for (const zero of [0x0660, 0x06f0, 0x0966, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7f6]) {
        const written = card.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
        expect(holdsCardNumber(written)).toBe(true);
      }
    }
    expect(holdsCardNumber('四242424242424242')).toBe(false);
  });
});
