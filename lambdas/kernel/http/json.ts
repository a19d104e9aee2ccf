// JSON as strictly as money needs it (RFC 8259): one meaning per text. Duplicate names, which JSON.parse silently drops,
// and nesting beyond a bound are found here, with their JSON pointers.

import { requestLimits } from '../../../contract/kernel/limits.ts';

export type ParsedJson =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too_deep' }
  | { readonly kind: 'duplicate' | 'reserved'; readonly pointer: string };

export function parseJson(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed' };
  }
  return inspect(text) ?? { kind: 'parsed', value };
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

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
function inspect(text: string): ParsedJson | null {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      if (levels.length === requestLimits.jsonDepth) return { kind: 'too_deep' };
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
