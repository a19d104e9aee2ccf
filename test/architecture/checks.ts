// What breaks the rules, one line for each fault. A check reads sources and rules and nothing else, so that it can be asked
// about any state of the project.

import { cycles, reach, type Sources } from './graph.ts';
import { capabilityOf, expanded, liesIn, roomAround } from './rooms.ts';
import * as rules from './rules.ts';
import type { Source } from './sources.ts';

/** What a check finds, each fault as a line that begins with the file. */
export type Check = (sources: Sources) => string[];

const each = (sources: Sources, faults: (source: Source) => readonly string[]): string[] =>
  [...sources.values()].flatMap(faults);

const isTest = (path: string): boolean => path.startsWith('test/') || path.endsWith('.test.ts');
const isGenerated = (path: string): boolean => liesIn(path, rules.generated);

/** The row of a file: the last that fits. */
const roomOf = (path: string): string | undefined => Object.keys(rules.rooms).findLast((room) => liesIn(path, [room]));

export const homelessFiles: Check = (sources) => [...sources.keys()].filter((path) => roomOf(path) === undefined);

export const closedRooms: Check = (sources) =>
  each(sources, ({ path, imports }) => {
    const room = roomOf(path);
    if (room === undefined) return [];
    const open = [roomAround(path, room), ...(rules.rooms[room] ?? [])];
    return imports
      .filter(({ target, kind }) => kind === 'file' && !liesIn(target, open, capabilityOf(path)))
      .map(({ target, line }) => `${path}:${line} -> ${target}`);
  });

const covers = (row: string, name: string): boolean =>
  row === '*' || name === row || name.startsWith(row.endsWith(':') ? row : `${row}/`);

export const unknownPackages: Check = (sources) =>
  each(sources, ({ path, imports }) =>
    imports
      .filter(({ target, kind }) => kind === 'package' && !knows(path, target))
      .map(({ target, line }) => `${path}:${line} -> ${target}`),
  );

const knows = (path: string, name: string): boolean =>
  Object.entries(rules.packages).some(([row, rooms]) => covers(row, name) && liesIn(path, rooms));

/** What the rules name and no file needs. */
export const emptyRows: Check = (sources) => {
  const files = [...sources.values()];
  const rooms = [...Object.keys(rules.below).map((capability) => `lambdas/${capability}`), ...Object.keys(rules.rooms)];
  const packages = Object.entries(rules.packages).flatMap(([row, knowing]) =>
    knowing
      .flatMap(expanded)
      .filter((room) => !files.some((file) => liesIn(file.path, [room]) && importsAny(file, row)))
      .map((room) => `${room} knows ${row} and needs it not`),
  );
  const empty = rooms.flatMap(expanded).filter((room) => !files.some(({ path }) => liesIn(path, [room])));
  return [...empty.map((room) => `${room} holds no file`), ...packages];
};

const importsAny = ({ imports }: Source, row: string): boolean =>
  imports.some(({ target, kind }) => kind === 'package' && covers(row, target));

export const importCycles: Check = (sources) =>
  cycles(sources).map(({ path, files }) => `${path.join(' -> ')} (${files} files import each other)`);

/** Packages that a domain reaches and that are not pure, types included. */
export const impureDomains: Check = (sources) =>
  each(sources, ({ path }) => {
    if (!liesIn(path, ['lambdas/<c>/domain'])) return [];
    return [...reach(sources, path)].flatMap(([file, way]) =>
      (sources.get(file)?.imports ?? [])
        .filter(({ target, kind }) => kind === 'package' && !rules.purePackages.includes(target))
        .map(({ target }) => [...way, target].join(' -> ')),
    );
  });

export const clocksElsewhere: Check = (sources) => ambient(sources, rules.time);
export const environmentElsewhere: Check = (sources) => ambient(sources, rules.environment);

const ambient = (
  sources: Sources,
  { names, rooms }: { names: readonly string[]; rooms: readonly string[] },
): string[] =>
  each(sources, (source) => {
    if (!source.path.startsWith('lambdas/') || liesIn(source.path, rooms)) return [];
    return source.ambient
      .filter(({ name }) => names.includes(name))
      .map(({ name, line }) => `${source.path}:${line} ${name}`);
  });

/** The whole operation table is for those who loop over it; a function holds its own rows. */
export const wholeTables: Check = (sources) =>
  each(sources, ({ path }) => {
    const way = path.startsWith('lambdas/') ? reach(sources, path).get('contract/capabilities.ts') : undefined;
    return way === undefined ? [] : [way.join(' -> ')];
  });

/** Where the handler of each operation stands, and the function that serves it. */
const handlers = (sources: Sources): Map<string, string> =>
  new Map(
    [...sources.values()].flatMap(({ path, operations }) => {
      const capability = path.startsWith('contract/') ? capabilityOf(path) : undefined;
      if (capability === undefined) return [];
      return operations.map(({ name, servedBy }) => [`lambdas/${capability}/handlers/${name}.ts`, servedBy]);
    }),
  );

export const misplacedHandlers: Check = (sources) => {
  const expected = handlers(sources);
  const missing = [...expected.keys()].filter((path) => !sources.has(path)).map((path) => `${path} is missing`);
  const strange = [...sources.keys()].filter((path) => /^lambdas\/[^/]+\/handlers\//.test(path) && !expected.has(path));
  return [...missing, ...strange.map((path) => `${path} handles no operation of its capability`)];
};

/** Handlers that lie in a bundle other than that of the function which serves their operation. */
export const handlersInOtherBundles: Check = (sources) =>
  each(sources, ({ path }) => {
    const [, name] = /^lambdas\/functions\/([^/]+)\.ts$/.exec(path) ?? [];
    if (name === undefined) return [];
    const servedBy = handlers(sources);
    return [...reach(sources, path, ({ typeOnly }) => !typeOnly)]
      .filter(([file]) => servedBy.has(file) && servedBy.get(file) !== name)
      .map(([, way]) => way.join(' -> '));
  });

/** Without what a row excepts, and with the rows that give no reason or except nothing. */
const excepted = (
  faults: readonly { key: string; line: string }[],
  rows: Readonly<Record<string, string>>,
): string[] => [
  ...faults.filter(({ key }) => !Object.hasOwn(rows, key)).map(({ line }) => line),
  ...Object.entries(rows)
    .filter(([key, reason]) => reason === '' || !faults.some((fault) => fault.key === key))
    .map(([key, reason]) => `${key} is excepted ${reason === '' ? 'without a reason' : 'and breaks no rule'}`),
];

export const longFiles: Check = (sources) =>
  excepted(
    [...sources.values()]
      .filter(({ path, lines }) => lines > rules.mostLines.file && !isTest(path) && !isGenerated(path))
      .map(({ path, lines }) => ({ key: path, line: `${path} ${lines} lines` })),
    rules.longFiles,
  );

export const longFunctions: Check = (sources) =>
  excepted(
    [...sources.values()].flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > rules.mostLines.function && !isTest(path) && !isGenerated(path))
        .map(({ name, line, lines }) => ({ key: `${path} ${name}`, line: `${path}:${line} ${name} ${lines} lines` })),
    ),
    rules.longFunctions,
  );

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

const saysNothing = (name: string): boolean => rules.emptyWords.includes(name.replace(/\..*$/, ''));

export const emptyNames = (paths: readonly string[]): string[] =>
  paths.filter((path) => path.split('/').some(saysNothing));

const isBanned = (name: string): boolean => wordsOf(name).some((word) => rules.bannedWords.includes(word));

/** Banned words in identifiers, and in the names of files and folders. */
export const bannedNames: Check = (sources) =>
  excepted(
    each(sources, ({ path, identifiers }) => {
      if (isGenerated(path)) return [];
      const found = identifiers.filter(({ name }) => isBanned(name)).map(({ name, line }) => `${path}:${line} ${name}`);
      return isBanned(path) ? [`${path} (its own name)`, ...found] : found;
    }).map((line) => ({ key: line.replace(/:\d+ /, ' '), line })),
    rules.bannedNames,
  );
