// Card-shaped values are found however they are written, and ordinary identifiers are left alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from '../../lambdas/domain/card_number.ts';

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
