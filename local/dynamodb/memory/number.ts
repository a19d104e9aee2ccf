// DynamoDB's numbers: decimals of up to 38 significant digits between 1E-130 and 9.99…E+125 (DynamoDB developer guide,
// "Supported data types and naming rules", Number). They are never rounded: what doesn't fit is refused.

import { invalid } from './error.ts';

/** 0.d₁d₂d₃… × 10^exponent; zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const mostDigits = 38;
const highestExponent = 126;
const lowestExponent = -129;

const written = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
/** Integers that already are as DynamoDB would write them, and exact as JavaScript numbers. */
const small = /^(?:0|-?[1-9]\d{0,14})$/;

const read = (text: string): Decimal => {
  const match = written.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  const all = whole + fraction;
  if (match === null || all === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(leading).replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return { negative: sign === '-', digits, exponent: whole.length - leading + Number(power) };
};

const fitting = (decimal: Decimal): Decimal => {
  if (decimal.digits.length > mostDigits) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  if (decimal.digits === '') return decimal;
  if (decimal.exponent > highestExponent) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (decimal.exponent < lowestExponent) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  return decimal;
};

const write = ({ negative, digits, exponent }: Decimal): string => {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits + '0'.repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
};

/** As DynamoDB gives it back: no leading or trailing zeros, no exponent. */
export const canonicalNumber = (text: string): string => (small.test(text) ? text : write(fitting(read(text))));

export const significantDigits = (text: string): number => read(text).digits.length;

/** A text of which the order (by UTF-16 units) is that of the numbers. */
export const numberOrder = (text: string): string => {
  const { negative, digits, exponent } = read(text);
  if (digits === '') return '1';
  // Always three digits.
  const shifted = exponent + 500;
  if (!negative) return `2${shifted}${digits}`;
  // Mirrored: the larger the magnitude the smaller, and of two with the same beginning the longer is the smaller.
  const mirrored = [...digits].map((digit) => 9 - Number(digit)).join('');
  return `0${999 - shifted}${mirrored}:`;
};

/** Negative, zero or positive, as `one` is less than, equal to or greater than `other`. */
export const compareNumbers = (one: string, other: string): number => {
  if (one === other) return 0;
  if (small.test(one) && small.test(other)) return Number(one) - Number(other);
  const [a, b] = [numberOrder(one), numberOrder(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** As an integer in units of 10^scale. */
const scaled = ({ negative, digits, exponent }: Decimal, scale: number): bigint => {
  if (digits === '') return 0n;
  const value = BigInt(digits) * 10n ** BigInt(exponent - digits.length - scale);
  return negative ? -value : value;
};

const scaleOf = ({ digits, exponent }: Decimal): number => (digits === '' ? 0 : exponent - digits.length);

export const addNumbers = (one: string, other: string): string => {
  if (small.test(one) && small.test(other)) {
    const sum = Number(one) + Number(other);
    return canonicalNumber(String(sum));
  }
  const [a, b] = [read(one), read(other)];
  const scale = Math.min(scaleOf(a), scaleOf(b));
  return canonicalNumber(`${scaled(a, scale) + scaled(b, scale)}e${scale}`);
};

export const negateNumber = (text: string): string => {
  if (text === '0') return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
};
