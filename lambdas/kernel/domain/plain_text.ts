// Text as it reads, in ASCII: digits of any script as 0-9, letters of other widths as letters, nothing that cannot be seen.
// So whoever looks for a number need not know how it was typed.

import { requestLimits } from '../../../contract/kernel/limits.ts';

/** Any letter outside ASCII that has no counterpart in it: only that it is a letter matters. */
export const foreignLetter = '\u00aa';

/** The text, and what percent-encoding hides in it (RFC 3986), which may be encoded itself. */
export function readings(text: string): string[] {
  const found = [asciiOf(text)];
  let inner = text;
  for (let time = 0; time < requestLimits.percentDecodings && encoded.test(inner); time += 1) {
    inner = inner.replace(encodedRun, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
    found.push(asciiOf(inner));
  }
  return found;
}

const encoded = /%[0-9a-f]{2}/i;
const encodedRun = /(?:%[0-9a-f]{2})+/gi;

// biome-ignore lint/suspicious/noControlCharactersInRegex: everything but ASCII
const beyondAscii = /[^\x00-\x7f]/;
const beyondAsciiEach = new RegExp(beyondAscii, 'gu');
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
const ascii = /^[\x00-\x7f]+$/;
/** Default-ignorable and format characters, and marks that combine with what stands before them. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}]/gu;
const letter = /\p{L}/u;
/** Asked of one character at a time. */
const decimal = /\p{Nd}/u;

/** Character by character: normalising a whole text (NFKC) takes time that grows with its square. */
const asciiOf = (text: string): string =>
  beyondAscii.test(text) ? text.replace(unseen, '').replace(beyondAsciiEach, counterpart) : text;

function counterpart(character: string): string {
  const compatible = character.normalize('NFKC');
  if (ascii.test(compatible)) return compatible;
  if (decimal.test(character)) return digitOf(character);
  return letter.test(character) ? foreignLetter : ' ';
}

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
