// Numbers as issuers make them, and the ways in which people and programs write them: for tests and for the proof that counts
// what the matcher misses.

export type Draw = (below: number) => number;

/** Brand -> one number's leading digits and its length, for each way in which its ranges begin. */
export const issued: readonly (readonly [brand: string, prefix: string, digits: number, luhn?: boolean])[] = [
  ['Visa', '4', 16],
  ['Visa', '4', 19],
  ['Visa of 13 digits', '4', 13],
  ['Mastercard', '51', 16],
  ['Mastercard', '55', 16],
  ['Mastercard, 2-series', '2221', 16],
  ['Mastercard, 2-series', '2720', 16],
  ['American Express', '34', 15],
  ['American Express', '37', 15],
  ['Discover', '6011', 16],
  ['Discover', '644', 16],
  ['Discover', '65', 19],
  ['Diners Club', '300', 14],
  ['Diners Club', '3095', 16],
  ['Diners Club', '36', 14],
  ['Diners Club', '38', 16],
  ['JCB', '3528', 16],
  ['JCB', '3589', 16],
  ['JCB of 15 digits', '2131', 15],
  ['UnionPay', '62', 16],
  ['UnionPay', '62', 19],
  ['UnionPay', '81', 16],
  ['Maestro', '5018', 13],
  ['Maestro', '6304', 16],
  ['Maestro', '6763', 19],
  ['Maestro', '58', 18],
  ['RuPay', '607', 16],
  ['RuPay', '508', 16],
  ['RuPay', '82', 16],
  ['RuPay', '6522', 16],
  ['RuPay', '353', 16],
  ['Elo', '636368', 16],
  ['Elo', '509000', 16],
  ['Elo', '650031', 16],
  ['Elo', '438935', 16],
  ['Troy', '9792', 16],
  ['Verve', '506099', 16],
  ['Verve', '507865', 19],
  ['Verve', '650002', 18],
  ['Mir', '2200', 16],
  ['Mir', '2204', 19],
  ['BORICA', '2205', 16],
  ['Hipercard', '606282', 16],
  ['Hiper', '637095', 16],
  ['UATP', '1', 15],
  ['Dankort', '5019', 16],
  ['UkrCard', '6040', 16],
  ['InterPayment', '636', 16],
  ['China T-Union', '31', 19],
  ['GPN', '1946', 16],
  ['UzCard', '8600', 16, false],
  ['Humo', '9860', 16, false],
  ['Napas', '9704', 19, false],
  ['LankaPay', '357111', 16, false],
  ['AfriGo', '564456', 18, false],
];

export const brands = [...new Set(issued.map(([brand]) => brand))];

/** ISO/IEC 7812-1, annex B. */
export function withLuhnDigit(front: string): string {
  const sum = [...front].reverse().reduce((all, each, at) => {
    const value = Number(each) * (at % 2 === 0 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return front + String((10 - (sum % 10)) % 10);
}

/** The number of an article, EAN-13: its digits from the right count three times and once in turn. */
export function articleOf(prefix: string, draw: Draw): string {
  let front = prefix;
  while (front.length < 12) front += String(draw(10));
  const sum = [...front].reverse().reduce((all, each, at) => all + Number(each) * (at % 2 === 0 ? 3 : 1), 0);
  return front + String((10 - (sum % 10)) % 10);
}

const isArticle = (number: string): boolean => articleOf(number.slice(0, 12), () => 0) === number;

export function cardOf([brand, prefix, digits, luhn = true]: (typeof issued)[number], draw: Draw): string {
  let front = prefix;
  while (front.length < digits - 1) front += String(draw(10));
  if (!luhn) return front + String(draw(10));
  // Of Visa's 13 digits none are issued any more: each tenth number of theirs is an article's.
  const candidates = Array.from({ length: 10 }, (_, more) => {
    return withLuhnDigit(`${front.slice(0, -1)}${(Number(front.at(-1)) + more) % 10}`);
  });
  const isCard = (card: string) => brand !== 'Visa of 13 digits' || !isArticle(card);
  return candidates.find(isCard) ?? withLuhnDigit(front);
}

const inGroups = (card: string, sizes: readonly number[], gap: string): string => {
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at < card.length) groups.push(card.slice(at, at + size));
    at += size;
  }
  return groups.join(gap);
};

const ones = Array.from({ length: 19 }, () => 1);
const twos = ones.map(() => 2);
const fours = [4, 4, 4, 4, 4];
const inScript = (card: string, zero: number): string =>
  card.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const between = (card: string, what: string): string => [...card].join(what);

/** As a card of so many digits is embossed. */
const embossed = (card: string): readonly number[] =>
  ({ 13: [4, 3, 3, 3], 14: [4, 6, 4], 15: card.startsWith('1') ? [4, 5, 6] : [4, 6, 5] })[card.length] ?? fours;

/** Number of a card -> a text that holds it. */
export const spellings: Readonly<Record<string, (card: string) => string>> = {
  plain: (card) => card,
  'in text': (card) => `card ${card}, exp 12/29`,
  'embossed, spaces': (card) => inGroups(card, embossed(card), ' '),
  'embossed, dashes': (card) => inGroups(card, embossed(card), '-'),
  'embossed, dots': (card) => inGroups(card, embossed(card), '.'),
  'embossed, commas': (card) => inGroups(card, embossed(card), ','),
  'embossed, slashes': (card) => inGroups(card, embossed(card), '/'),
  'embossed, spaced dashes': (card) => inGroups(card, embossed(card), ' – '),
  'embossed, then expiry and code': (card) => `${inGroups(card, embossed(card), ' ')} 12/29 123`,
  'each digit spaced': (card) => inGroups(card, ones, ' '),
  'each digit, comma': (card) => inGroups(card, ones, ','),
  'in pairs': (card) => inGroups(card, twos, '-'),
  'JSON of strings': (card) => JSON.stringify(inGroups(card, embossed(card), '|').split('|')),
  'behind a prefix': (card) => `pm_${card}`,
  'percent-encoded': (card) => `https://shop.example/?n=${percent(card)}`,
  'percent-encoded twice': (card) => percent(percent(card)),
  'percent-encoded spaces': (card) => inGroups(card, embossed(card), '%20'),
  'combining joiner between': (card) => between(card, '\u034f'),
  'variation selector between': (card) => between(card, '\ufe0f'),
  'zero width space between': (card) => between(card, '\u200b'),
  'soft hyphen between': (card) => between(card, '\u00ad'),
  'accents over digits': (card) => between(card, '\u0301'),
  keycaps: (card) => between(card, '\ufe0f\u20e3'),
  'full width': (card) => inScript(card, 0xff10),
  'Arabic-Indic': (card) => inScript(card, 0x0660),
  Devanagari: (card) => inScript(card, 0x0966),
  'mathematical bold': (card) => inScript(card, 0x1d7ce),
  'percent-encoded full width': (card) => encodeURIComponent(inScript(card, 0xff10)),
};

/** Spelled so that the digits of one group are those of another brand's number, or of none: only for cards of 16 digits. */
export const sixteenDigitSpellings: Readonly<Record<string, (card: string) => string>> = {
  'two halves': (card) => inGroups(card, [8, 8], ' '),
  'half and quarters': (card) => inGroups(card, [8, 4, 4], ' '),
  'quarter and rest': (card) => inGroups(card, [4, 12], '-'),
};

/** ISO 13616: the check digits make the whole, letters as 10 to 35 and the first four last, one modulo 97. */
export function ibanOf(country: string, account: string): string {
  const number = [...`${account}${country}00`].map((each) => Number.parseInt(each, 36)).join('');
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

export const ibanSpellings: Readonly<Record<string, (iban: string) => string>> = {
  plain: (iban) => iban,
  'in text': (iban) => `pay to ${iban}, thanks`,
  'in fours': (iban) => iban.replace(/.{4}(?=.)/g, '$& '),
  'in fours, dashes': (iban) => iban.replace(/.{4}(?=.)/g, '$&-'),
  'lower case': (iban) => iban.toLowerCase(),
  'percent-encoded': percent,
  'zero width space between': (iban) => between(iban, '\u200b'),
  'full width': (iban) => iban.replace(/[0-9A-Z]/g, (each) => String.fromCodePoint(each.charCodeAt(0) + 0xfee0)),
};
