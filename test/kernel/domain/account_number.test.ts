// Numbers of cards and bank accounts are found however they are written, and identifiers are left alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountNumberIn,
  accountNumberWithin,
  withoutAccountNumber,
} from '../../../lambdas/kernel/domain/account_number.ts';
import { identifiers } from '../../../proof/account_numbers/measure.ts';
import {
  cardOf,
  ibanOf,
  ibanSpellings,
  issued,
  sixteenDigitSpellings,
  spellings,
  withLuhnDigit,
} from '../../../proof/account_numbers/numbers.ts';

/** Numbers between 0 and 1 that make a number's digits. */
const digits = fc.array(fc.nat({ max: 9 }), { minLength: 19, maxLength: 19 });
const issuedCard = fc.tuple(fc.constantFrom(...issued), digits).map(([row, drawn]) => {
  let at = 0;
  return { row, card: cardOf(row, () => drawn[at++] ?? 0) };
});

describe('[PCI-1] a card number of any brand', () => {
  /** Their ranges are wide, and in groups only the embossed form counts. */
  const apart = ['each digit spaced', 'each digit, comma', 'in pairs'];
  const onlyEmbossed = ['UATP', 'Visa of 13 digits'];

  it.each(Object.entries(spellings))('is found %s', (spelling, write) => {
    fc.assert(
      fc.property(issuedCard, ({ row: [brand], card }) => {
        const expected = apart.includes(spelling) && onlyEmbossed.includes(brand) ? null : 'card';
        return accountNumberIn(write(card)) === expected;
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(sixteenDigitSpellings))('of 16 digits is found in %s', (_, write) => {
    fc.assert(
      fc.property(issuedCard, ({ card }) => card.length !== 16 || accountNumberIn(write(card)) === 'card'),
      { numRuns: 300 },
    );
  });

  it('with another last digit is none where the brand uses a check digit', () => {
    fc.assert(
      fc.property(issuedCard, fc.integer({ min: 1, max: 9 }), ({ row, card }, more) => {
        const wrong = card.slice(0, -1) + String((Number(card.at(-1)) + more) % 10);
        return row[3] === false || accountNumberIn(wrong) === null;
      }),
    );
  });

  it('that touches a letter is an identifier, and none', () => {
    fc.assert(
      fc.property(issuedCard, fc.constantFrom('a', 'F', 'z', 'é', 'ж', '字'), ({ card }, letter) => {
        return accountNumberIn(`${letter}${card}`) === null && accountNumberIn(`${card}${letter}`) === null;
      }),
    );
  });

  it.each(Object.entries(identifiers))('is never seen in an identifier: %s', (_, make) => {
    const alarms = Array.from({ length: 3_000 }, make).filter((id) => accountNumberIn(id) !== null);
    expect(alarms).toEqual([]);
  });
});

/** `prefix`, then sevens, then the digit that makes it pass Luhn's test. */
const numberOf = (prefix: string, length: number): string => withLuhnDigit(prefix.padEnd(length - 1, '7'));

describe('[PCI-1] ranges', () => {
  const to19 = [16, 17, 18, 19];
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
  const known: [string[], number[]][] = [
    [
      ['41', '42', '49'],
      [13, ...to19],
    ],
    [[...range(51, 55), ...range(2221, 2720)], [16]],
    [['34', '37'], [15]],
    [range(3528, 3589), to19],
    [
      [...range(300, 305), '3095', '36', '38', '39'],
      [14, 15, ...to19],
    ],
    [['501', '507', '509', '568', '57', '58', ...range(600, 629), ...range(640, 669), '81', '82'], to19],
    [
      ['5018', '5020', '5038', '5893', '6304', '6759', ...range(6761, 6763)],
      [13, 14, 15, ...to19],
    ],
    [range(2200, 2205), to19],
    [['10', '18'], [15]],
  ];
  const unknown = [
    ...['2199', '2206', '2220', '2721', '273', '28', '29', '306', '308', '3094', '3096', '32', '33', '3527', '3590'],
    ...['59', '70', '80', '83', '8601', '90', '9703', '9791', '9793', '9861', '0'],
  ];

  it('are known by their first digits and the lengths that they use', () => {
    for (const [prefixes, lengths] of known) {
      for (const prefix of prefixes) {
        for (let length = 12; length <= 20; length += 1) {
          const number = numberOf(prefix, length);
          expect(`${number} ${accountNumberIn(number)}`).toBe(`${number} ${lengths.includes(length) ? 'card' : null}`);
        }
      }
    }
  });

  it('are no others', () => {
    for (const prefix of unknown) {
      for (let length = 12; length <= 20; length += 1) {
        const number = numberOf(prefix, length);
        expect(`${number} ${accountNumberIn(number)}`).toBe(`${number} null`);
      }
    }
  });
});

describe('[PCI-1] digits in groups', () => {
  const long = numberOf('6011', 19);
  const fours = '4242 4242 4242 4242';

  it.each([
    ['40000566 55665556', true],
    ['4242,4242,4242,4242', true],
    ['42424242 4242 4242', true],
    ['4242:4242:4242:4242', true],
    ['4242::4242::4242::4242', true],
    ['4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2', true],
    ['4242  4242\t4242 - 4242', true],
    ['4242-4242 4242.4242', true],
    ['4242\u221242424242\u22124242', true],
    ['3782 822463 10005', true],
    ['37828224631 0005', false],
    [`${long.slice(0, 4)} ${long.slice(4, 8)} ${long.slice(8, 12)} ${long.slice(12, 16)} - ${long.slice(16)}`, true],
    ['4242    4242 4242 4242', false],
    ['4242x4242x4242x4242', false],
    [`a${fours}`, false],
    [`${fours}g`, false],
    [`no ${fours} or`, true],
    [`1${fours}`, false],
    [`${fours}1`, false],
    [`12 ${fours} 12/29`, true],
    ['.4242424242424242', true],
    ['0.4242424242424242', false],
    ['424.2424242424242', false],
    ['v1. 4242424242424242', true],
    ['04242424242424242', false],
    ['100%4242424242424242', true],
    ['%2534%253242424242424242', true],
    ['4\u0332\ufe0f\u20e32424242424242\u034f42', true],
    ['\u2463\u2461\u2463\u2461 4242 4242 \uff14\u0662\u0664\u0968', true],
  ])('%j: %s', (written, expected) => {
    expect(accountNumberIn(written)).toBe(expected ? 'card' : null);
  });

  it.each([
    '446a5544-4242-4242-4242-424242424242',
    '42424242-4242-4242-8242-424242424242',
    '2606:4700:4700::1111',
    '2a00:4242:4242:4242:4242:4242:4242:4242',
    '24.12.2026-28.12.2026',
    '2026-12-01 10:20:30.123456789',
    '52.520008, 113.404954',
    '415-555-2671, 415-555-2672',
    '50.180.100.100/24',
    '12.50, 99.00, 100.00, 45.90, 20.00',
    '4, 6, 8, 10, 12, 14, 16, 18',
  ])('%s is no card', (text) => {
    expect(accountNumberIn(text)).toBeNull();
  });

  it('are no telephone number: of E.164, German ones have thirteen digits and begin like a card', () => {
    const german = Array.from({ length: 100 }, (_, last) => `+49151234567${String(last).padStart(2, '0')}`);
    expect(german.filter((number) => accountNumberIn(JSON.stringify({ phone: number })) !== null)).toEqual([]);
    // Of ten that would be cards one is a barcode.
    expect(german.filter((number) => accountNumberIn(number.slice(1)) !== null)).toHaveLength(9);
    expect(accountNumberIn('+378282246310005')).toBe('card');
    expect(accountNumberIn('+491512345670 4242424242424242')).toBe('card');
  });
});

describe('[PCI-1] a number of 13 digits that begins like Visa’s', () => {
  it('is a barcode where it has the check digit of one, and a card where it has Luhn’s alone', () => {
    expect(['4006381333931', '4008585526980', '4902778913833'].map(accountNumberIn)).toEqual([null, null, null]);
    expect(['4222222222222', '4222 222 222 222'].map(accountNumberIn)).toEqual(['card', 'card']);
  });

  it('is no barcode among more digits', () => {
    expect(accountNumberIn('4008 585 526 980')).toBe('card');
  });
});

describe('[PCI-3] a bank account number', () => {
  // SWIFT, "IBAN Registry", release 100: its own examples.
  const examples = [
    ...[
      'AD1200012030200359100100',
      'AL47212110090000000235698741',
      'BE68539007547034',
      'BR1800360305000010009795493C1',
    ],
    ...['DE89370400440532013000', 'FR1420041010050500013M02606', 'GB29NWBK60161331926819', 'GE29NB0000000101904917'],
    ...['IT60X0542811101000000123456', 'KW81CBKU0000000000001234560101', 'LC55HEMM000100010012001200023015'],
    ...['MT84MALT011000012345MTLCAST001S', 'MU17BOMM0101101030300200000MUR', 'BI4210000100010000332045181'],
    ...['MN121234123456789123', 'HN88CABF00000000000250005469', 'FK88SC123456789012', 'DJ2100010000000154000100186'],
  ];

  it.each(Object.entries(ibanSpellings))('is found %s', (_, write) => {
    for (const iban of examples) expect(`${iban} ${accountNumberIn(write(iban))}`).toBe(`${iban} iban`);
    fc.assert(
      fc.property(digits, (drawn) => accountNumberIn(write(ibanOf('DE', drawn.slice(0, 18).join('')))) === 'iban'),
    );
  });

  it('is found in the groups of its country', () => {
    expect(accountNumberIn('FR14 20041 01005 0500013M026 06')).toBe('iban');
  });

  it('with another digit, of another length or country, or inside a longer word is none', () => {
    for (const iban of examples) {
      const changed = iban.slice(0, -6) + iban.slice(-6).replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
      for (const wrong of [changed, `${iban}0`, `X${iban}`, `ZZ${iban.slice(2)}`]) {
        expect(`${wrong} ${accountNumberIn(wrong)}`).not.toContain('iban');
      }
    }
    expect(accountNumberIn('BE685390-0754-7034-8123-0123456789ab')).toBeNull();
    expect(accountNumberIn('BE685390-0754-7034 and 0123456789ab')).toBe('iban');
    expect(accountNumberIn('a GT86 car is what everybody wanted in those years')).toBeNull();
  });
});

describe('[PCI-1] [PCI-3] a parsed value', () => {
  it('is searched in its names, strings and numbers', () => {
    for (const value of [
      { '4242424242424242': 1 },
      [{ a: ['4242424242424242'] }],
      { a: 4242424242424242 },
      4.242424242424242e15,
    ]) {
      expect(accountNumberWithin(value)).toBe('card');
    }
    expect(accountNumberWithin({ iban: 'DE89370400440532013000' })).toBe('iban');
    expect(accountNumberWithin({ amount: 999_999_999_999, at: null, on: true })).toBeNull();
  });

  it('is withheld whole where it holds one, and is otherwise as it was', () => {
    expect(withoutAccountNumber('pay 4242 4242 4242 4242')).toBe('[withheld]');
    expect(withoutAccountNumber('to DE89 3704 0044 0532 0130 00')).toBe('[withheld]');
    expect(withoutAccountNumber('pay_us_aaaa')).toBe('pay_us_aaaa');
  });

  it('is searched when it is large, whatever it holds, within what a function has', () => {
    const before = process.cpuUsage();
    for (const hard of ['\u0315\u0300', '1 ', '1234 1234 ', '4', '\u0660', '%34', '%25', '1:', 'de12 ', '12345678-']) {
      accountNumberIn(hard.repeat(Math.floor((64 * 1024) / hard.length)));
    }
    // Of the processor, not of the clock: others run beside it.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
  });
});
