// A run in parts comes to what its parts are, and to nothing where one is missing.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulate } from './simulate.ts';
import { sumOf } from './sum.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-parts-'));
const fileOf = (number: number): string => join(folder, `part${number}.json`);
const asked = 100;

const runPart = async (number: number) => {
  const part = { number, of: 2 };
  const options = {
    operations: asked,
    seed: 1,
    faultRate: null,
    pairs: false,
    onePieceOf: 100,
    threads: 1,
    record: undefined,
  };
  const simulated = await simulate({ ...options, part }, () => {});
  writeFileSync(fileOf(number), JSON.stringify({ part, seed: 1, asked, ...simulated }));
  return simulated;
};

let parts: Awaited<ReturnType<typeof runPart>>[];

beforeAll(async () => {
  parts = [await runPart(1), await runPart(2)];
});

afterAll(() => rmSync(folder, { recursive: true }));

const silent = (): void => {};

it('parts live through different worlds, and their sum is as many operations as were asked for', () => {
  const [one, two] = parts;
  expect(one?.product).not.toEqual(two?.product);
  const sum = sumOf([fileOf(1), fileOf(2)], silent);
  expect(sum.product.operations).toBe((one?.product.operations ?? 0) + (two?.product.operations ?? 0));
  expect(sum.product.operations).toBeGreaterThanOrEqual(asked);
  expect(sum.exhausted).toEqual(one?.exhausted);
  expect(sum.code).toBe(0);
});

it('a part that is missing, there twice, of another run or no part at all is refused', () => {
  expect(() => sumOf([fileOf(1)], silent)).toThrow('missing: part 2 of 2');
  expect(() => sumOf([fileOf(1), fileOf(2), fileOf(2)], silent)).toThrow('a part is there twice');
  expect(() => sumOf([], silent)).toThrow('--sum wants the files of all parts');
  const other = join(folder, 'other.json');
  writeFileSync(other, JSON.stringify({ part: { number: 2, of: 2 }, seed: 2, asked, ...parts[1] }));
  expect(() => sumOf([fileOf(1), other], silent)).toThrow('not of one run');
  writeFileSync(other, '{}');
  expect(() => sumOf([other], silent)).toThrow('is not what --part with --json wrote');
});

it('a part in which something broke fails the sum', () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, JSON.stringify({ part: { number: 2, of: 2 }, seed: 1, asked, ...parts[1], code: 1 }));
  expect(sumOf([fileOf(1), broken], silent).code).toBe(1);
});
