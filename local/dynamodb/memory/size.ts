// Sizes as DynamoDB bills and bounds them (DynamoDB developer guide, "DynamoDB item sizes and formats"). AWS calls the
// rule for numbers approximate; here it is exact.

import { significantDigits } from './number.ts';
import type { AttributeValue, Item } from './value.ts';

/** Developer guide, "Constraints in Amazon DynamoDB": item size. */
export const mostItemBytes = 400 * 1024;

/** UTF-8 bytes; short texts, as most are, are counted faster here than by a call into the runtime. */
export const textBytes = (text: string): number => {
  if (text.length > 64) return Buffer.byteLength(text);
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return Buffer.byteLength(text);
  return text.length;
};

/** One byte for two significant digits, one for the exponent, one for a sign. */
const numberBytes = (text: string): number =>
  Math.ceil(significantDigits(text) / 2) + 1 + (text.startsWith('-') ? 1 : 0);

const sum = <Element>(elements: readonly Element[], size: (element: Element) => number): number => {
  let total = 0;
  for (const element of elements) total += size(element);
  return total;
};

export const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return textBytes(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.M !== undefined) {
    let total = 3;
    for (const name in value.M) {
      const nested = value.M[name];
      if (nested !== undefined) total += 1 + textBytes(name) + valueBytes(nested);
    }
    return total;
  }
  if (value.L !== undefined) return 3 + sum(value.L, (each) => 1 + valueBytes(each));
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS !== undefined) return sum(value.SS, textBytes);
  if (value.NS !== undefined) return sum(value.NS, numberBytes);
  if (value.BS !== undefined) return sum(value.BS, (bytes) => bytes.byteLength);
  return 1;
};

export const attributeBytes = (name: string, value: AttributeValue): number => textBytes(name) + valueBytes(value);

export const itemBytes = (item: Item): number => {
  let total = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) total += attributeBytes(name, value);
  }
  return total;
};
