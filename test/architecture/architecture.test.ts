// The sources follow the rules in rules.ts. A failure lists each violation with its file and line.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import { promises } from '../../lib/compliance/promises.ts';
import * as checks from './checks.ts';
import { readSources } from './sources.ts';

const root = join(import.meta.dirname, '../..');
const sources = readSources(root);

describe('[HST-2] imports', () => {
  test('every file belongs to a room', () => {
    expect(sources.size).toBeGreaterThan(800);
    expect(checks.filesWithoutRoom(sources)).toEqual([]);
  });

  test('no file imports from a room that its own room may not import', () => {
    expect(checks.forbiddenImports(sources)).toEqual([]);
  });

  test('no file imports a package that its room may not import', () => {
    expect(checks.forbiddenPackages(sources)).toEqual([]);
  });

  test('every row of the rules has files that need it', () => {
    expect(checks.unusedRows(sources)).toEqual([]);
  });

  test('no imports form a cycle', () => {
    expect(checks.importCycles(sources)).toEqual([]);
  });
});

describe('[HST-2] functions', () => {
  test('a domain imports nothing that has a clock, a network or randomness', () => {
    expect(checks.impureDomains(sources)).toEqual([]);
  });

  test('time passes through the platform alone', () => {
    expect(checks.ambientTime(sources)).toEqual([]);
  });

  test('the environment is read in one place', () => {
    expect(checks.ambientEnvironment(sources)).toEqual([]);
  });

  test('a handler imports its own row of the operation table, never the whole', () => {
    expect(checks.wholeTableImports(sources)).toEqual([]);
  });

  test('a handler stands in its capability at the path that its operation’s id gives', () => {
    const rows = [...sources.values()]
      .filter(({ path }) => path.startsWith('contract/'))
      .flatMap((one) => one.operations);
    expect(rows.map(({ name }) => name).sort()).toEqual(operations.map(({ id }) => id).sort());
    expect(checks.misplacedHandlers(sources)).toEqual([]);
  });

  test('no function’s bundle contains a handler of another function', () => {
    expect(checks.handlersInOtherBundles(sources)).toEqual([]);
  });
});

describe('[HST-2] length and names', () => {
  test('no file is over 300 lines', () => {
    expect(checks.longFiles(sources)).toEqual([]);
  });

  test('no function is over 60 lines', () => {
    expect(checks.longFunctions(sources)).toEqual([]);
  });

  test('every name of a file or folder says something', () => {
    const paths = globSync('{bin,cli,contract,docs,generate,lambdas,lib,local,processor,proof,sdk,test,web}/**', {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    });
    expect(checks.meaninglessNames(paths)).toEqual([]);
  });

  test('a promise that a test names is one of the register', () => {
    const unknown = [...sources.keys()]
      .filter((path) => /^(test|proof)\//.test(path))
      .flatMap((path) => checks.promisesNamed(readFileSync(join(root, path), 'utf8')).map((id) => `${path} ${id}`))
      .filter((line) => !Object.hasOwn(promises, line.replace(/^.* /, '')));
    expect(unknown).toEqual([]);
  });

  test('no identifier contains a private word', () => {
    expect(checks.bannedNames(sources)).toEqual([]);
  });
});
