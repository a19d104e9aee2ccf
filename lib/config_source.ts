// What a configuration's source says that JavaScript drops in silence: of two properties with one name the last one counts, so a
// stage that is written twice would lose its first half, and production could become disposable.

import { readFileSync } from 'node:fs';
import { parseAst } from 'rolldown/parseAst';
import { ConfigError } from './config.ts';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

export const refuseRepeatedNamesIn = (file: URL): void => refuseRepeatedNames(readFileSync(file, 'utf8'));

/** Throws a ConfigError that names each property that stands twice in one object. */
export function refuseRepeatedNames(source: string): void {
  const repeated = [...repeatedIn(parseAst(source, { lang: 'ts', sourceType: 'module' }), [])];
  if (repeated.length > 0) throw new ConfigError(repeated.map((path) => `${path}: stands twice`));
}

function* repeatedIn(node: unknown, path: readonly string[]): Generator<string> {
  if (Array.isArray(node)) for (const each of node) yield* repeatedIn(each, path);
  else if (isNode(node)) {
    const seen = new Set<string>();
    for (const [field, child] of Object.entries(node)) {
      if (node.type !== 'ObjectExpression' || field !== 'properties' || !Array.isArray(child)) {
        yield* repeatedIn(child, path);
        continue;
      }
      for (const property of child.filter(isNode)) {
        const name = nameOf(property);
        if (name !== null && seen.has(name)) yield [...path, name].join('.');
        if (name !== null) seen.add(name);
        yield* repeatedIn(property.value, name === null ? path : [...path, name]);
      }
    }
  }
}

function nameOf({ key, computed }: Node): string | null {
  if (!isNode(key) || computed === true) return null;
  const name = key.type === 'Identifier' ? key.name : key.value;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null;
}
