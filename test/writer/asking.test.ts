// Every function that writes asks who the writer is, under its own role: what it is granted for that is what the port uses.

import { expect, it } from 'vitest';
import { functions } from '../../contract/capabilities.ts';
import type { FunctionRow } from '../../contract/kernel/function.ts';
import { writerOf } from '../../lambdas/kernel/store/writer.ts';
import { recorded } from '../../proof/privileges/recorder.ts';
import { home, openZone } from './zone_fixture.ts';

type FunctionName = keyof typeof functions;

const asking = (Object.entries(functions) as [FunctionName, FunctionRow][]).flatMap(([name, { tables }]) =>
  tables.some(({ table, verbs }) => table === 'writer' && verbs.includes('GetItem')) ? [name] : [],
);

it.each(asking)('[RES-4] %s asks with one read, and no more while the answer holds', async (name) => {
  const zone = openZone();
  await zone.keep(home);
  const writer = writerOf(recorded(zone.process(home), name));
  zone.calls.length = 0;
  expect([await writer.epoch(), await writer.epoch()]).toEqual([1, 1]);
  expect(zone.calls.map(({ operation }) => operation)).toEqual(['GetItem']);
});
