// DynamoDB's JSON on the wire (AWS JSON 1.0): binary values are base64, times are seconds since 1970. Only attribute values
// hold a text under `B` or a list of texts under `BS`, so that no other part of a call is ever mistaken for one.

import { malformed } from './error.ts';
import { isRecord } from './input.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const bytesOf = (text: string): Uint8Array => {
  if (!base64.test(text)) throw malformed('Base64 encoded data is malformed');
  // As the SDK gives it.
  return new Uint8Array(Buffer.from(text, 'base64'));
};

const isText = (value: unknown): value is string => typeof value === 'string';

export const fromWire = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(fromWire);
  if (!isRecord(value)) return value;
  if (isText(value.B)) return { ...value, B: bytesOf(value.B) };
  if (Array.isArray(value.BS) && value.BS.every(isText)) return { ...value, BS: value.BS.map(bytesOf) };
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const before = value[name];
    const after = typeof before === 'object' ? fromWire(before) : before;
    if (after === before) continue;
    changed ??= { ...value };
    Object.defineProperty(changed, name, { value: after, enumerable: true, configurable: true, writable: true });
  }
  return changed ?? value;
};

/** As JSON.stringify's replacer sees it: `this` holds the value before its own toJSON. */
function forWire(this: unknown, name: string, value: unknown): unknown {
  const held = isRecord(this) || Array.isArray(this) ? Reflect.get(this, name) : value;
  if (held instanceof Date) return held.getTime() / 1000;
  if (held instanceof Uint8Array) {
    return Buffer.from(held.buffer, held.byteOffset, held.byteLength).toString('base64');
  }
  return value;
}

export const toWire = (value: object): string => JSON.stringify(value, forWire);
