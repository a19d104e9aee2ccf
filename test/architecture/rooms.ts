// Matches files against the names of rooms in rules.ts.

import { capabilities } from '../../contract/capabilities.ts';
import { independent } from './rules.ts';

const all: readonly string[] = capabilities;

/** `a/{b,c}` -> `a/b`, `a/c`. */
export function expanded(room: string): string[] {
  const [, before = '', names, after = ''] = /^(.*)\{([^}]+)\}(.*)$/.exec(room) ?? [];
  return names === undefined ? [room] : names.split(',').map((name) => `${before}${name}${after}`);
}

/** Whether a path lies in one of the rooms. `capability`: the one that `<c>` stands for; absent: any. */
export function liesIn(path: string, rooms: readonly string[], capability?: string): boolean {
  return rooms.flatMap(expanded).some((room) => pattern(room, capability).test(path));
}

/** The room of a file by its own name, where the name of its row is a pattern. */
export function ownRoom(path: string, row: string): string {
  if (row.endsWith('/(files)')) return row;
  const parts = path.split('/').slice(0, row.split('/').length);
  return parts.join('/').replace(/\.[a-z]+$/, '');
}

/** The capability of a file in `contract/` or `lambdas/`. */
export function capabilityOf(path: string): string | undefined {
  const [, folder = ''] = /^(?:contract|lambdas)\/([^/]+)\//.exec(path) ?? [];
  return all.includes(folder) ? folder : undefined;
}

/** The capabilities that one may import: those before it in the order that are not of an independent group. */
export function allBelow(capability: string): string[] {
  const groupOf = (one: string) => independent.find((group) => group.includes(one));
  const own = groupOf(capability);
  return all
    .slice(0, all.indexOf(capability))
    .filter((one) => own === undefined || groupOf(one) === undefined || groupOf(one) === own);
}

const patterns = new Map<string, RegExp>();

function pattern(room: string, capability: string | undefined): RegExp {
  const key = `${room} ${capability}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const names = (some: readonly string[]): string => `(?:${some.join('|') || '(?!)'})`;
  const source = room
    .replaceAll('.', '\\.')
    .replaceAll('<c>', names(capability === undefined ? all : [capability]))
    .replaceAll('<below>', names(capability === undefined ? [] : allBelow(capability)))
    .replaceAll('<any>', '[^/]+');
  // A last part that is a pattern matches folders only; a literal one matches a file of that name too.
  const ending = room.endsWith('>') ? '/.+' : '(?:\\.[a-z]+|/.+)?';
  const made = new RegExp(
    room.endsWith('/(files)') ? `^${source.replace('(files)', '[^/]+')}$` : `^${source}${ending}$`,
  );
  patterns.set(key, made);
  return made;
}
