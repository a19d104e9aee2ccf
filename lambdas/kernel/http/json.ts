// JSON as strictly as money needs it (RFC 8259): one meaning per text. What JSON.parse silently drops, rounds or lets through
// (a name that comes twice, a number that is no integer written in digits, half of a surrogate pair, nesting beyond a bound)
// is found here, with its JSON pointer.

import { requestLimits } from '../../../contract/kernel/limits.ts';

/** What a caller is answered about a text that is JSON and yet not accepted. */
export const jsonFindings = {
  too_deep: `Expected at most ${requestLimits.jsonDepth} levels`,
  duplicate: 'Expected each name once',
  reserved: 'Not accepted as a name',
  inexact: 'Expected an integer, written in digits',
  ill_formed: 'Expected well-formed Unicode',
} as const;

interface Unaccepted {
  readonly kind: keyof typeof jsonFindings;
  readonly pointer: string;
}

export type ParsedJson =
  | { readonly kind: 'malformed' }
  /** `unaccepted` null: the value is all that the text says. */
  | { readonly kind: 'parsed'; readonly value: unknown; readonly unaccepted: Unaccepted | null };

export function parseJson(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed' };
  }
  return { kind: 'parsed', value, unaccepted: inspect(text) };
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|-?\d[\d.eE+-]*/g;

/** An integer in digits: the text decides, not the nearest number that a machine can hold. */
const integer = /^(?:0|-?[1-9]\d{0,15})$/;
const isExact = (token: string): boolean => integer.test(token) && Number.isSafeInteger(Number(token));

/** What a token alone says is wrong with it. */
function flawOf(token: string): 'inexact' | 'ill_formed' | null {
  if (/^[-\d]/.test(token)) return isExact(token) ? null : 'inexact';
  // Text that was decoded from UTF-8 holds no half of a pair, unless an escape makes one.
  return token.startsWith('"') && token.includes('\\u') && !String(JSON.parse(token)).isWellFormed()
    ? 'ill_formed'
    : null;
}

/** Names that mean something to JavaScript itself; no schema of ours has them. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

interface Level {
  /** Names seen so far; null in an array. */
  readonly names: Set<string> | null;
  /** The step that leads to the value being read. */
  step: string | number;
  expectsName: boolean;
}

/** Walks the tokens of a text that is known to be valid JSON. */
function inspect(text: string): Unaccepted | null {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    const flaw = flawOf(token);
    if (flaw !== null) {
      // A name has no pointer of its own: its object has.
      const steps = level?.names && level.expectsName ? levels.slice(0, -1) : levels;
      return { kind: flaw, pointer: pointerOf(steps.map(({ step }) => step)) };
    }
    if (token === '{' || token === '[') {
      if (levels.length === requestLimits.jsonDepth) return { kind: 'too_deep', pointer: '' };
      levels.push({ names: token === '{' ? new Set() : null, step: 0, expectsName: token === '{' });
    } else if (token === '}' || token === ']') levels.pop();
    else if (level !== undefined && token === ',') {
      if (level.names === null) level.step = Number(level.step) + 1;
      else level.expectsName = true;
    } else if (level?.names && level.expectsName && token !== ':') {
      const name: unknown = JSON.parse(token);
      level.step = String(name);
      level.expectsName = false;
      const pointer = () => pointerOf(levels.map(({ step }) => step));
      if (level.names.has(level.step)) return { kind: 'duplicate', pointer: pointer() };
      if (reserved.has(level.step)) return { kind: 'reserved', pointer: pointer() };
      level.names.add(level.step);
    }
  }
  return null;
}

/** RFC 6901. */
export const pointerOf = (steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
