// One check for each rule: it lists the violations, each as a line that begins with the file. A check reads sources and
// rules and nothing else, so it works on any checkout of the project.

import { capabilities } from '../../contract/capabilities.ts';
import { applyExceptions } from './exceptions.ts';
import { cycles, reach, type Sources } from './graph.ts';
import { capabilityOf, expanded, liesIn, ownRoom } from './rooms.ts';
import * as rules from './rules.ts';
import type { Source } from './sources.ts';

export type Check = (sources: Sources) => string[];

const each = (sources: Sources, violationsOf: (source: Source) => readonly string[]): string[] =>
  [...sources.values()].flatMap(violationsOf);

const isTest = (path: string): boolean => path.startsWith('test/') || /\.(?:test|proof)\.ts$/.test(path);
const isGenerated = (path: string): boolean => liesIn(path, rules.generated);

/** The row that counts for a file: the last that matches. */
const roomOf = (path: string): string | undefined => Object.keys(rules.rooms).findLast((room) => liesIn(path, [room]));

export const filesWithoutRoom: Check = (sources) => [...sources.keys()].filter((path) => roomOf(path) === undefined);

export const forbiddenImports: Check = (sources) =>
  each(sources, ({ path, imports }) => {
    const room = roomOf(path);
    if (room === undefined) return [];
    const open = [ownRoom(path, room), ...(rules.rooms[room] ?? [])];
    return imports
      .filter(({ target, kind }) => kind === 'file' && !liesIn(target, open, capabilityOf(path)))
      .map(({ target, line }) => `${path}:${line} -> ${target}`);
  });

const covers = (row: string, name: string): boolean =>
  row === '*' || name === row || name.startsWith(row.endsWith(':') ? row : `${row}/`);

export const forbiddenPackages: Check = (sources) =>
  each(sources, ({ path, imports }) =>
    imports
      .filter(({ target, kind }) => kind === 'package' && !mayImport(path, target))
      .map(({ target, line }) => `${path}:${line} -> ${target}`),
  );

const mayImport = (path: string, name: string): boolean =>
  Object.entries(rules.packages).some(([row, rooms]) => covers(row, name) && liesIn(path, rooms));

/** Rows and entries of the rules that no file needs. */
export const unusedRows: Check = (sources) => {
  const files = [...sources.values()];
  const rooms = [...capabilities.map((capability) => `lambdas/${capability}`), ...Object.keys(rules.rooms)];
  const packages = Object.entries(rules.packages).flatMap(([row, importers]) =>
    importers
      .flatMap(expanded)
      .filter((room) => !files.some((file) => liesIn(file.path, [room]) && importsAny(file, row)))
      .map((room) => `${room} never imports ${row}`),
  );
  const empty = rooms.flatMap(expanded).filter((room) => !files.some(({ path }) => liesIn(path, [room])));
  return [...empty.map((room) => `${room} holds no file`), ...packages];
};

const importsAny = ({ imports }: Source, row: string): boolean =>
  imports.some(({ target, kind }) => kind === 'package' && covers(row, target));

export const importCycles: Check = (sources) =>
  cycles(sources).map(({ path, files }) => `${path.join(' -> ')} (${files} files import each other)`);

/** Packages that a domain imports, directly or through other files, and that are not pure; types included. */
export const impureDomains: Check = (sources) =>
  each(sources, ({ path }) => {
    if (!liesIn(path, ['lambdas/<c>/domain'])) return [];
    return [...reach(sources, path)].flatMap(([file, chain]) =>
      (sources.get(file)?.imports ?? [])
        .filter(({ target, kind }) => kind === 'package' && !rules.purePackages.includes(target))
        .map(({ target }) => [...chain, target].join(' -> ')),
    );
  });

export const ambientTime: Check = (sources) => ambient(sources, rules.time);
export const ambientEnvironment: Check = (sources) => ambient(sources, rules.environment);

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

/** A function imports its own rows of the operation table. The whole table is for code that loops over it. */
export const wholeTableImports: Check = (sources) =>
  each(sources, ({ path, imports }) =>
    imports
      .filter(({ target }) => path.startsWith('lambdas/') && target === 'contract/capabilities.ts')
      .flatMap(({ line, values }) =>
        values.filter((name) => !rules.wholeTables.includes(name)).map((name) => `${path}:${line} ${name}`),
      ),
  );

/** The file of each operation's handler, and the function that serves the operation. */
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
  const unexpected = [...sources.keys()].filter(
    (path) => /^lambdas\/[^/]+\/handlers\//.test(path) && !expected.has(path),
  );
  return [...missing, ...unexpected.map((path) => `${path} handles no operation of its capability`)];
};

/** Handlers in a bundle of a function that does not serve their operation. */
export const handlersInOtherBundles: Check = (sources) =>
  each(sources, ({ path }) => {
    const [, name] = /^lambdas\/functions\/([^/]+)\.ts$/.exec(path) ?? [];
    if (name === undefined) return [];
    const servedBy = handlers(sources);
    return [...reach(sources, path, ({ values }) => values.length > 0)]
      .filter(([file]) => servedBy.has(file) && servedBy.get(file) !== name)
      .map(([, chain]) => chain.join(' -> '));
  });

export const longFiles: Check = (sources) =>
  applyExceptions(
    [...sources.values()]
      .filter(({ path, lines }) => lines > rules.mostLines.file && !isTest(path) && !isGenerated(path))
      .map(({ path, lines }) => ({ key: path, line: `${path} ${lines} lines` })),
    rules.longFiles,
  );

export const longFunctions: Check = (sources) =>
  applyExceptions(
    [...sources.values()].flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > rules.mostLines.function && !isTest(path) && !isGenerated(path))
        .map(({ name, line, lines }) => ({ key: `${path} ${name}`, line: `${path}:${line} ${name} ${lines} lines` })),
    ),
    rules.longFunctions,
  );

/** Ids in brackets, as the names of tests bear them. */
export const promisesNamed = (text: string): string[] =>
  [...text.matchAll(/\[([A-Z]{2,4}-\d+)\]/g)].map(([, id]) => id ?? '');

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

const isMeaningless = (name: string): boolean => rules.meaninglessWords.includes(name.replace(/\..*$/, ''));

export const meaninglessNames = (paths: readonly string[]): string[] =>
  paths.filter((path) => path.split('/').some(isMeaningless));

const isBanned = (name: string): boolean => wordsOf(name).some((word) => rules.bannedWords.includes(word));

/** Banned words in identifiers, and in the names of files and folders. */
export const bannedNames: Check = (sources) =>
  applyExceptions(
    each(sources, ({ path, identifiers }) => {
      if (isGenerated(path)) return [];
      const found = identifiers.filter(({ name }) => isBanned(name)).map(({ name, line }) => `${path}:${line} ${name}`);
      return isBanned(path) ? [`${path} (its own name)`, ...found] : found;
    }).map((line) => ({ key: line.replace(/:\d+ /, ' '), line })),
    rules.bannedNames,
  );
