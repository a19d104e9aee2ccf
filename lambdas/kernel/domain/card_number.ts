// Recognises what is shaped like a card number, so that it is refused before anything stores or logs it (promise PCI-1).
// Shaped means: an issuer's prefix, a length that the issuer uses, the Luhn digit (ISO/IEC 7812-1), and digits that
// stand alone or in the groups in which people write them. So an ordinary UUID, time or fraction is not refused.

// A group that goes on with a hexadecimal digit is part of an identifier such as a UUID. Thirteen digits behind a plus are a
// telephone number (E.164): each tenth German one would pass for a card otherwise. Cards of thirteen digits are no longer
// issued (known, not looked up).
const alone = /(?<![0-9]|[0-9]\.)(?!(?<=\+)[0-9]{13}(?![0-9]))[0-9]{13,19}(?![0-9])/;
const inFours =
  /(?<![0-9a-f])[0-9]{4}[ .-]{1,3}[0-9]{4}[ .-]{1,3}[0-9]{4}[ .-]{1,3}[0-9]{4}(?:[ .-]{1,3}[0-9]{3})?(?![0-9a-f])/;
const fourSixRest = /(?<![0-9a-f])[0-9]{4}[ .-]{1,3}[0-9]{6}[ .-]{1,3}[0-9]{4,5}(?![0-9a-f])/;
const runs = new RegExp([alone, inFours, fourSixRest].map(({ source }) => source).join('|'), 'gi');

/** Issuer identification numbers by their leading digits, with the lengths in use. */
const issuers: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { prefix: /^3(?:0[0-5]|095|[689])/, lengths: [14, 15, 16, 17, 18, 19] },
  { prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] },
];

export function holdsCardNumber(text: string): boolean {
  for (const [run] of plain(text).matchAll(runs)) {
    const digits = run.replace(/[^0-9]/g, '');
    if (issuers.some(({ prefix, lengths }) => prefix.test(digits) && lengths.includes(digits.length)) && luhn(digits)) {
      return true;
    }
  }
  return false;
}

/**
 * Digits of any script as 0-9, whatever people write between them as a space or a dash, and nothing that cannot be seen.
 * Character by character: normalising a whole text (NFKC) takes time that grows with its square.
 */
const plain = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212/_]/gu, '-')
    .replace(/[\p{Zs}\t\r\n]/gu, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything but ASCII
    .replace(/[^\x00-\x7f]/gu, (character) => (decimal.test(character) ? digitOf(character) : character));

/** Asked of one character at a time. */
const decimal = /\p{Nd}/u;

/** Unicode gives the decimal digits of a script ten places in a row, zero first. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (
    // Stryker disable next-line ConditionalExpression,EqualityOperator: no row of digits is longer than 50; every loop has a bound.
    code - zero < 60 &&
    decimal.test(String.fromCodePoint(zero - 1))
  )
    zero -= 1;
  return String((code - zero) % 10);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    // Stryker disable next-line AssignmentOperator: a multiple of ten is one below zero as well.
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
