// Reads the names of rooms: which of them hold a file, and what `<c>` and `<below>` stand for in it.

import { below } from './rules.ts';

/** The rooms that a name with braces stands for. */
export function expanded(room: string): string[] {
  const [, before = '', names, after = ''] = /^(.*)\{([^}]+)\}(.*)$/.exec(room) ?? [];
  return names === undefined ? [room] : names.split(',').map((name) => `${before}${name}${after}`);
}

/** Whether a path lies in one of the rooms. `capability`: the one that `<c>` stands for; absent: any. */
export function liesIn(path: string, rooms: readonly string[], capability?: string): boolean {
  return rooms.flatMap(expanded).some((room) => pattern(room, capability).test(path));
}

/** The one room around a file, where the name of its row stands for many. */
export function roomAround(path: string, row: string): string {
  if (row.endsWith('/(files)')) return row;
  const parts = path.split('/').slice(0, row.split('/').length);
  return parts.join('/').replace(/\.[a-z]+$/, '');
}

/** The capability in whose folder of `contract/` or `lambdas/` a file lies. */
export function capabilityOf(path: string): string | undefined {
  const [, folder = ''] = /^(?:contract|lambdas)\/([^/]+)\//.exec(path) ?? [];
  return Object.hasOwn(below, folder) ? folder : undefined;
}

/** Every capability that stands below one, however far. */
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
  // A folder whose name stands for many holds them all; only a name that is written out may be a file's.
  const ending = room.endsWith('>') ? '/.+' : '(?:\\.[a-z]+|/.+)?';
  const made = new RegExp(
    room.endsWith('/(files)') ? `^${source.replace('(files)', '[^/]+')}$` : `^${source}${ending}$`,
  );
  patterns.set(key, made);
  return made;
}
