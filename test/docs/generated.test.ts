// What lies in docs/generated is what the contract says today.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documents } from '../../generate/documents.ts';

const folder = 'docs/generated';
const written = documents();

it('no generated document is stale: npm run docs', () => {
  const stale = Object.entries(written)
    .filter(([file, text]) => !existsSync(`${folder}/${file}`) || readFileSync(`${folder}/${file}`, 'utf8') !== text)
    .map(([file]) => file);
  expect(stale).toEqual([]);
});

it('no page of an error that is gone is left', () => {
  const pages = readdirSync(`${folder}/errors`).map((file) => `errors/${file}`);
  expect(pages.filter((file) => !Object.hasOwn(written, file))).toEqual([]);
});

it('the same contract gives the same bytes', () => {
  expect(documents()).toEqual(written);
});
