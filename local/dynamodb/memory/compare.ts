// Equality and order of attribute values (DynamoDB developer guide, "Comparison operator and function reference"):
// numbers by value, strings by their UTF-8 bytes, binary by unsigned bytes, sets whatever their order. Values of
// different types are never equal and have no order.

import { compareNumbers } from './number.ts';
import { type AttributeValue, attribute, bytesKey, type Item, typeOf } from './value.ts';

/**
 * A text of which the order by UTF-16 units is that of the given text's UTF-8 bytes: surrogates, which stand for the
 * highest characters, move above everything else.
 */
export const utf8Order = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all units below the surrogates
  if (/^[\u0000-\ud7ff]*$/.test(text)) return text;
  let moved = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800) moved += text[at];
    else moved += String.fromCharCode(unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
  }
  return moved;
};

const compareTexts = (one: string, other: string): number => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

/** Undefined where the two have no order. */
export const compareValues = (one: AttributeValue, other: AttributeValue): number | undefined => {
  if (one.S !== undefined && other.S !== undefined) {
    return one.S === other.S ? 0 : compareTexts(utf8Order(one.S), utf8Order(other.S));
  }
  if (one.N !== undefined && other.N !== undefined) return compareNumbers(one.N, other.N);
  if (one.B !== undefined && other.B !== undefined) return Buffer.compare(one.B, other.B);
  return undefined;
};

const sameSet = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false;
  const members = new Set(one);
  return other.every((each) => members.has(each));
};

export const sameItem = (one: Item, other: Item): boolean => {
  if (one === other) return true;
  let count = 0;
  for (const name in one) {
    const value = one[name];
    if (value === undefined) continue;
    const twin = attribute(other, name);
    if (twin === undefined || !sameValue(value, twin)) return false;
    count += 1;
  }
  for (const name in other) if (other[name] !== undefined) count -= 1;
  return count === 0;
};

export const sameValue = (one: AttributeValue, other: AttributeValue): boolean => {
  if (one === other) return true;
  const type = typeOf(one);
  if (type !== typeOf(other)) return false;
  switch (type) {
    case 'S':
      return one.S === other.S;
    case 'N':
      return one.N === other.N;
    case 'BOOL':
      return one.BOOL === other.BOOL;
    case 'NULL':
      return true;
    case 'B':
      return Buffer.compare(one.B ?? new Uint8Array(), other.B ?? new Uint8Array()) === 0;
    case 'M':
      return sameItem(one.M ?? {}, other.M ?? {});
    case 'L': {
      const [a, b] = [one.L ?? [], other.L ?? []];
      return a.length === b.length && a.every((each, at) => isSame(each, b[at]));
    }
    case 'SS':
      return sameSet(one.SS ?? [], other.SS ?? []);
    case 'NS':
      return sameSet(one.NS ?? [], other.NS ?? []);
    default:
      return sameSet((one.BS ?? []).map(bytesKey), (other.BS ?? []).map(bytesKey));
  }
};

const isSame = (one: AttributeValue, other: AttributeValue | undefined): boolean =>
  other !== undefined && sameValue(one, other);
