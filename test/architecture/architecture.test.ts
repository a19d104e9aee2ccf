// The house as it stands, held against rules.ts. `npm test -- test/architecture` names each fault with its file and line.

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operations } from '../../contract/capabilities.ts';
import * as checks from './checks.ts';
import { readSources } from './sources.ts';

const root = join(import.meta.dirname, '../..');
const sources = readSources(root);

describe('[HST-2] the rooms of the house', () => {
  test('every file stands in a room', () => {
    expect(sources.size).toBeGreaterThan(800);
    expect(checks.homelessFiles(sources)).toEqual([]);
  });

  test('no file imports from a room that is closed to it', () => {
    expect(checks.closedRooms(sources)).toEqual([]);
  });

  test('no file imports a package that its room does not know', () => {
    expect(checks.unknownPackages(sources)).toEqual([]);
  });

  test('every row has files that need it', () => {
    expect(checks.emptyRows(sources)).toEqual([]);
  });

  test('no import comes back to its file', () => {
    expect(checks.importCycles(sources)).toEqual([]);
  });
});

describe('[HST-2] what runs in Lambda', () => {
  test('a domain reaches no clock, no network and no randomness', () => {
    expect(checks.impureDomains(sources)).toEqual([]);
  });

  test('time passes through the platform alone', () => {
    expect(checks.clocksElsewhere(sources)).toEqual([]);
  });

  test('the environment is read in one place', () => {
    expect(checks.environmentElsewhere(sources)).toEqual([]);
  });

  test('a handler imports its own row of the operation table, never the whole', () => {
    expect(checks.wholeTables(sources)).toEqual([]);
  });

  test('a handler stands in its capability, where the id of its operation says', () => {
    const rows = [...sources.values()]
      .filter(({ path }) => path.startsWith('contract/'))
      .flatMap((one) => one.operations);
    expect(rows.map(({ name }) => name).sort()).toEqual(operations.map(({ id }) => id).sort());
    expect(checks.misplacedHandlers(sources)).toEqual([]);
  });

  test('no function’s bundle holds a handler that another function serves', () => {
    expect(checks.handlersInOtherBundles(sources)).toEqual([]);
  });
});

describe('[HST-2] length and names', () => {
  test('no file is too long to be read', () => {
    expect(checks.longFiles(sources)).toEqual([]);
  });

  test('no function is longer than a screen', () => {
    expect(checks.longFunctions(sources)).toEqual([]);
  });

  test('no name of a file or folder says nothing', () => {
    const paths = globSync('{bin,cli,contract,docs,generate,lambdas,lib,local,processor,proof,sdk,test,web}/**', {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    });
    expect(checks.emptyNames(paths)).toEqual([]);
  });

  test('no identifier holds a word of our own for what the field has a word for', () => {
    expect(checks.bannedNames(sources)).toEqual([]);
  });
});
