// Attribute values: what DynamoDB stores. An incoming value is checked once and put into the one form in which it is stored
// (numbers without superfluous zeros); from then on it is shared by everything that holds it and never changed.

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalid, invalidParameter, malformed } from './error.ts';
import { isRecord, recordOf } from './input.ts';
import { canonicalNumber } from './number.ts';

export type { AttributeValue };
export type Item = Readonly<Record<string, AttributeValue>>;
export type ItemDraft = Record<string, AttributeValue>;

export type AttributeType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';
export const attributeTypes: ReadonlySet<string> = new Set(['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL']);

/** Developer guide, "Service, account, and table quotas": nested attribute depth. */
const deepestLevel = 32;

/** Of a value that has been checked. */
export const typeOf = (value: AttributeValue): AttributeType => {
  if (value.S !== undefined) return 'S';
  if (value.N !== undefined) return 'N';
  if (value.M !== undefined) return 'M';
  if (value.BOOL !== undefined) return 'BOOL';
  if (value.L !== undefined) return 'L';
  if (value.B !== undefined) return 'B';
  if (value.NULL !== undefined) return 'NULL';
  if (value.SS !== undefined) return 'SS';
  if (value.NS !== undefined) return 'NS';
  return 'BS';
};

/** An item's own attribute: a name such as `constructor` finds nothing that it wasn't given. */
export const attribute = (item: Item, name: string): AttributeValue | undefined => {
  const value = item[name];
  // What every object has are functions, but for its prototype.
  if (typeof value !== 'object') return undefined;
  return name !== '__proto__' || Object.hasOwn(item, name) ? value : undefined;
};

export const setAttribute = (item: ItemDraft, name: string, value: AttributeValue): void => {
  if (name === '__proto__') Object.defineProperty(item, name, { value, enumerable: true, configurable: true });
  else item[name] = value;
};

export const without = (item: Item, name: string): ItemDraft => {
  const rest: ItemDraft = {};
  for (const each in item) {
    const value = item[each];
    if (each !== name && value !== undefined) setAttribute(rest, each, value);
  }
  return rest;
};

/** One text for each different sequence of bytes; the order of the texts is that of the bytes. */
export const bytesKey = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

const checkedText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw malformed('A string was expected');
};

const checkedBytes = (value: unknown): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  throw malformed('Binary data was expected');
};

const checkedSet = <Element>(
  elements: unknown,
  checked: (element: unknown) => Element,
  key: (element: Element) => string,
  kind: string,
): readonly Element[] => {
  if (!Array.isArray(elements)) throw malformed(`A ${kind} set was expected`);
  if (elements.length === 0) throw invalidParameter(`An ${kind} set  may not be empty`);
  const seen = new Set<string>();
  let same = true;
  const found = elements.map((element): Element => {
    const value = checked(element);
    same &&= value === element;
    seen.add(key(value));
    return value;
  });
  if (seen.size < found.length) {
    const shown = kind === 'binary' ? ' of type BS' : ` [${found.map(key).join(', ')}]`;
    throw invalidParameter(`Input collection${shown} contains duplicates.`);
  }
  return same ? elements : found;
};

const itself = (text: string): string => text;

const checkedNumber = (value: unknown): string => canonicalNumber(checkedText(value));

const checkedList = (values: unknown, depth: number): readonly AttributeValue[] => {
  if (!Array.isArray(values)) throw malformed('A list was expected');
  let same = true;
  const found = values.map((value: unknown) => {
    const checked = checkedValue(value, depth + 1);
    same &&= checked === value;
    return checked;
  });
  return same ? values : found;
};

const checkedMap = (map: unknown, depth: number): Item => {
  if (!isRecord(map)) throw malformed('A map was expected');
  let changed: ItemDraft | undefined;
  for (const name in map) {
    const value = map[name];
    if (value === undefined) continue;
    const checked = checkedValue(value, depth);
    if (checked !== value) {
      changed ??= { ...(map as Item) };
      setAttribute(changed, name, checked);
    }
  }
  // Each of its values has just been looked at.
  return changed ?? (map as Item);
};

const only = (value: Readonly<Record<string, unknown>>): string => {
  let type: string | undefined;
  for (const key in value) {
    if (value[key] === undefined) continue;
    if (type !== undefined) {
      throw invalid(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    type = key;
  }
  if (type !== undefined && attributeTypes.has(type)) return type;
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
};

/** Once what it holds has been checked to be of its type. */
const asValue = (value: unknown): AttributeValue => value as AttributeValue;

/** The value itself where it already has the form in which it is stored. */
export const checkedValue = (value: unknown, depth = 0): AttributeValue => {
  if (!isRecord(value)) throw malformed('An attribute value was expected');
  if (depth >= deepestLevel) throw invalid('Nesting Levels have exceeded supported limits');
  const type = only(value);
  const held = value[type];
  const checked = checkedHeld(type, held, depth);
  return asValue(checked === held ? value : { [type]: checked });
};

const checkedHeld = (type: string, held: unknown, depth: number): unknown => {
  switch (type) {
    case 'S':
      return checkedText(held);
    case 'N':
      return checkedNumber(held);
    case 'B':
      return checkedBytes(held);
    case 'BOOL':
      if (typeof held !== 'boolean') throw malformed('A boolean was expected');
      return held;
    case 'NULL':
      if (held !== true) throw invalidParameter('Null attribute value types must have the value of true');
      return held;
    case 'M':
      return checkedMap(held, depth + 1);
    case 'L':
      return checkedList(held, depth);
    case 'SS':
      return checkedSet(held, checkedText, itself, 'string');
    case 'NS':
      return checkedSet(held, checkedNumber, itself, 'number');
    default:
      return checkedSet(held, checkedBytes, bytesKey, 'binary');
  }
};

/** A whole item, its key, or the values of an expression. */
export const checkedItem = (value: unknown, what: string): Item => {
  const item = checkedMap(recordOf(value, what), 0);
  if (Object.hasOwn(item, '')) throw invalidParameter('Empty attribute name');
  return item;
};
