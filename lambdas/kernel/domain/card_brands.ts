// Whose card a number of 13 to 19 digits is: the brands' published ranges, their lengths, and whether the last digit is
// Luhn's (ISO/IEC 7812-1). A range that belongs to two brands stands once. Never looked up at run time.

interface Brand {
  /** Leading digits, or the first and last of a range of them. */
  readonly prefixes: string;
  readonly lengths: readonly number[];
  /** Numbers that are made without a check digit are known by range and length alone. */
  readonly anyLastDigit?: boolean;
  /** Digits in groups count in this form only: the range is wide, and other numbers in groups begin the same. */
  readonly onlyGroups?: string;
  /** Behind a plus it is a telephone number (E.164), of which each tenth would pass for a card. */
  readonly mayBeTelephone?: boolean;
  /** With the check digit of a barcode it is that of an article: each tenth of those would pass for a card. */
  readonly mayBeBarcode?: boolean;
}

const sixteenUp = [16, 17, 18, 19];

// Sources: Mastercard, "2-series BIN" and "Account ranges" (50, 56-58, 6 for Maestro); Discover Network, "IIN ranges" (Diners
// Club 300-305, 3095, 36, 38-39; JCB 3528-3589; UnionPay 62, 81); Wikipedia, "Payment card number", revisions of July and
// August 2024, for the others; braintree/credit-card-type, card-types.ts at 0bac61c, for Elo, Hiper, Hipercard and Verve, which
// lie inside these. Read 2026-12-01. An issuer of the ranges 50, 56 to 58 and 6 is not told apart: Maestro, Discover, UnionPay,
// RuPay (508, 60, 65), Elo, Verve (506099-506198, 507865-507964, 650002-650027), Troy (65), Hipercard (606282), Hiper (637…),
// Dankort (5019), Meeza, UkrCard (604), NPS (605474), InterPayment (636), InstaPayment (637-639), GPN, Laser, Solo, Switch.
const brands: readonly Brand[] = [
  // Visa, Dankort, Elo; of 13 digits none are issued any more.
  { prefixes: '4', lengths: [16, 17, 18, 19] },
  { prefixes: '4', lengths: [13], onlyGroups: '4-3-3-3', mayBeTelephone: true, mayBeBarcode: true },
  // Mastercard, and Diners Club's in the United States and Canada.
  { prefixes: '51-55 2221-2720', lengths: [16] },
  { prefixes: '34 37', lengths: [15] },
  { prefixes: '300-305 3095 36 38-39', lengths: [14, 15, ...sixteenUp] },
  // JCB; RuPay has 353 and 356 of them. LankaPay's digit is not known to be Luhn's.
  { prefixes: '3528-3589', lengths: sixteenUp },
  { prefixes: '2131', lengths: [15] },
  { prefixes: '357111', lengths: [16], anyLastDigit: true },
  { prefixes: '50 56-58 6', lengths: sixteenUp },
  // Maestro's shorter ones.
  { prefixes: '5018 5020 5038 5893 6304 6759 6761-6763', lengths: [13, 14, 15], mayBeTelephone: true },
  // UnionPay and RuPay.
  { prefixes: '81 82', lengths: sixteenUp },
  // Mir, and BORICA of Bulgaria.
  { prefixes: '2200-2205', lengths: sixteenUp },
  { prefixes: '9792', lengths: [16] }, // Troy
  { prefixes: '31', lengths: [19] }, // China T-Union
  { prefixes: '1', lengths: [15], onlyGroups: '4-5-6', mayBeTelephone: true }, // UATP
  { prefixes: '1946', lengths: [16, 18, 19] }, // GPN
  { prefixes: '8600 5614', lengths: [16], anyLastDigit: true }, // UzCard
  { prefixes: '9860', lengths: [16], anyLastDigit: true }, // Humo
  { prefixes: '9704', lengths: [16, 19], anyLastDigit: true }, // Napas
  { prefixes: '564456', lengths: [18], anyLastDigit: true }, // AfriGo
];

interface Range extends Brand {
  readonly chars: number;
  readonly first: number;
  readonly last: number;
}

const ranges: readonly Range[] = brands.flatMap((brand) =>
  brand.prefixes.split(' ').map((prefix) => {
    const [first = '', last = first] = prefix.split('-');
    return { ...brand, chars: first.length, first: Number(first), last: Number(last) };
  }),
);

export const shortestCardDigits = 13;
export const longestCardDigits = 19;

/** `groups`: how its digits were written, such as `4-4-4-4`; alone, they are one group. */
export function isCardNumber(digits: string, groups: string, behindPlus: boolean): boolean {
  const alone = !groups.includes('-');
  const barcode = alone && isBarcode(digits);
  return ranges.some(
    ({ chars, first, last, lengths, anyLastDigit, onlyGroups, mayBeTelephone, mayBeBarcode }) =>
      lengths.includes(digits.length) &&
      within(Number(digits.slice(0, chars)), first, last) &&
      (alone || onlyGroups === undefined || onlyGroups === groups) &&
      !(behindPlus && mayBeTelephone === true) &&
      !(barcode && mayBeBarcode === true) &&
      (anyLastDigit === true || passesLuhn(digits)),
  );
}

const within = (value: number, first: number, last: number): boolean => first <= value && value <= last;

/** EAN-13 (GS1 General Specifications, 7.9.1): every second digit counts three times. */
function isBarcode(digits: string): boolean {
  const sum = Array.from(digits, (digit, at) => Number(digit) * (at % 2 === 0 ? 1 : 3));
  return digits.length === 13 && sum.reduce((all, each) => all + each, 0) % 10 === 0;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    // Stryker disable next-line AssignmentOperator: a multiple of ten is one below zero as well.
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
