// One contestant, warm, in a process of its own: what one of them loads must not slow the other (X-Ray's SDK follows every
// promise of its process). It is told, line by line, what to do how often, and answers with the CPU that took. AWS is
// answered where the connection would begin, with the same bytes each time, and the processor at its port; serializing,
// signing, logging and metrics are real.

import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { memoryAws } from '../../test/kit/aws/memory.ts';
import { openOurs, openTypical } from './contestants.ts';
import { bytesFrom } from './surroundings.ts';
import { overWire, rememberedFrom } from './wire.ts';

export type Step = 'call' | 'authorize' | 'create' | 'get';

const aws = memoryAws({ now: Date.now, random: bytesFrom('aws') });
const remembered = rememberedFrom(overWire(async (call) => aws.answer(call)));
const one = process.argv[2] === 'ours' ? await openOurs(remembered.ask) : await openTypical(remembered.ask, aws);
await one.authorize();
const payment = await one.create();
remembered.begin();

const act: Readonly<Record<Step, () => Promise<unknown>>> = {
  call: () => one.call(),
  authorize: () => one.authorize(),
  create: () => one.create(),
  get: () => one.get(payment),
};

const tell = (found: number): void => {
  writeSync(3, `${found}\n`);
};

tell(0);
for await (const line of createInterface({ input: process.stdin })) {
  const [step = '', requests = ''] = line.split(' ');
  const before = process.cpuUsage();
  for (let request = 0; request < Number(requests); request += 1) await act[step as Step]();
  const { user, system } = process.cpuUsage(before);
  tell((user + system) / Number(requests));
}
