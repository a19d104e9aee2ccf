// Warm requests: CPU of ours and of the reference, each in a process of its own (warm_child.ts), in blocks that take turns:
// whatever else the machine does meets both. The ratio is that of neighbouring blocks.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Bench, median, root, shared } from './measure.ts';
import type { Step } from './warm_child.ts';

const blocks = 15;
const requestsPerBlock = 300;

/** CPU microseconds of one request: medians over the blocks, and the median of the ratios of neighbours. */
export interface Warm {
  readonly ours: number;
  readonly typical: number;
  readonly ratio: number;
}

interface Child {
  /** CPU microseconds of one of so many requests. */
  block(step: Step, requests: number): Promise<number>;
  stop(): void;
}

async function startChild(name: 'ours' | 'typical'): Promise<Child> {
  const child = spawn(process.execPath, ['proof/bench/warm_child.ts', name], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  const answers = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<number> => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`The warm process of ${name} ended`);
    return Number(value);
  };
  await next();
  return {
    block(step, requests) {
      child.stdin?.write(`${step} ${requests}\n`);
      return next();
    },
    stop() {
      child.stdin?.end();
    },
  };
}

async function compare(ours: Child, typical: Child, step: Step): Promise<Warm> {
  const pairs: (readonly [number, number])[] = [];
  for (const child of [ours, typical]) await child.block(step, requestsPerBlock * 3);
  for (let at = 0; at < blocks; at += 1) {
    // Who begins has what was left in the caches by the other.
    const first = at % 2 === 0 ? ours : typical;
    const second = first === ours ? typical : ours;
    const [a, b] = [await first.block(step, requestsPerBlock), await second.block(step, requestsPerBlock)];
    pairs.push(first === ours ? [a, b] : [b, a]);
  }
  return {
    ours: median(pairs.map(([own]) => own)),
    typical: median(pairs.map(([, reference]) => reference)),
    ratio: median(pairs.map(([own, reference]) => own / reference)),
  };
}

const names: Readonly<Record<Step, string>> = {
  call: 'one read, nothing else',
  authorize: 'authorizer',
  create: 'create payment',
  get: 'get payment',
};

export const measureWarm = shared(async (): Promise<Readonly<Record<Step, Warm>>> => {
  const [ours, typical] = [await startChild('ours'), await startChild('typical')];
  try {
    const found: Partial<Record<Step, Warm>> = {};
    for (const step of Object.keys(names) as Step[]) {
      process.stderr.write(`warm: ${names[step]}, ${2 * blocks} blocks of ${requestsPerBlock} requests\n`);
      found[step] = await compare(ours, typical, step);
    }
    return found as Record<Step, Warm>;
  } finally {
    ours.stop();
    typical.stop();
  }
});

export const warm: Bench = {
  name: 'warm',
  about: 'CPU of one warm request; AWS answered where the connection would begin, the processor at its port',
  run: async () => {
    const found = await measureWarm();
    return (Object.keys(names) as Step[]).map((step) => ({
      name: `${names[step]}: CPU`,
      unit: 'µs',
      ours: found[step].ours,
      reference: found[step].typical,
      ratio: found[step].ratio,
      ...(step !== 'call' && { target: { of: 'ratio', most: 0.5 } as const }),
    }));
  },
};
