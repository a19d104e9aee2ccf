// Matches files against the names of rooms in rules.ts.

import { below } from './rules.ts';

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
  return Object.hasOwn(below, folder) ? folder : undefined;
}

/** All capabilities below one: those directly below it, those below them, and so on. */
export function allBelow(capability: string): ReadonlySet<string> {
  const found = new Set(below[capability]);
  for (const one of found) for (const lower of below[one] ?? []) found.add(lower);
  return found;
}

const patterns = new Map<string, RegExp>();

function pattern(room: string, capability: string | undefined): RegExp {
  const key = `${room} ${capability}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const names = (some: Iterable<string>): string => `(?:${[...some].join('|') || '(?!)'})`;
  const source = room
    .replaceAll('.', '\\.')
    .replaceAll('<c>', names(capability === undefined ? Object.keys(below) : [capability]))
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
