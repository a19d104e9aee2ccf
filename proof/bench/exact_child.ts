// Counts, in a process of its own, what one warm request asks of AWS and writes to its log, of ours and of the reference.

import { writeSync } from 'node:fs';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { type Contestant, openOurs, openTypical } from './contestants.ts';
import { countingAws, type Used } from './counting.ts';
import { bytesFrom } from './surroundings.ts';
import { overWire } from './wire.ts';

/** Of one kind of request: what AWS was asked, and bytes of log. */
export interface Exact extends Used {
  readonly logBytes: number;
}

export type Exacts = Readonly<Record<Contestant['name'], Readonly<Record<'authorize' | 'create' | 'get', Exact>>>>;

let logBytes = 0;
process.stdout.write = (text: string | Uint8Array) => {
  logBytes += Buffer.byteLength(text);
  return true;
};

const aws = memoryAws({ now: Date.now, random: bytesFrom('aws') });
const counting = countingAws(aws);
const ask = overWire(counting.answer);

const exactly = async (run: () => Promise<unknown>): Promise<Exact> => {
  logBytes = 0;
  return { ...(await counting.during(run)), logBytes };
};

async function count(one: Contestant) {
  await one.authorize();
  await one.get(await one.create());
  const authorize = await exactly(() => one.authorize());
  let payment = '';
  const create = await exactly(async () => {
    payment = await one.create();
  });
  return { authorize, create, get: await exactly(() => one.get(payment)) };
}

const exacts: Exacts = { ours: await count(await openOurs(ask)), typical: await count(await openTypical(ask, aws)) };
writeSync(3, JSON.stringify(exacts));
