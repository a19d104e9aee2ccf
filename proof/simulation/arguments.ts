// The command line of the simulation.

import { parseArgs } from 'node:util';

export const help = `Usage: npm run simulate -- [--operations N] [--seed S] [--faults RATE] [--pairs] [--threads N]
       npm run simulate -- --seed S --world W
       npm run simulate -- --replay FILE
       npm run simulate -- --breakages
       npm run simulate -- --operations N --part K/OF --json FILE     and then
       npm run simulate -- --sum FILE FILE …

Lives through payments and webhooks with the real functions (authorizer, handlers, relay, reconciler, deliver, dispatcher), on
a virtual clock, an AWS in memory and the test processor, while calls are lost, repeated and delayed, processes die and
receivers fail. An operation is one intention (create, capture, refund, void) with all its repeats and overlaps. Two
controls live through the same worlds and must be seen to charge twice; if they aren't, the run is invalid.

  --operations N     how many operations (default 20000)
  --seed S           every world follows from it (default 1)
  --faults RATE      the probability of a fault at each call, instead of what each world draws (0.005 to 0.15)
  --pairs            try every pair of faults too, not only each fault alone: a quarter of an hour on two cores
  --quick            stop at the first world that breaks; no controls, no pairs
  --threads N        default: one for each core
  --world W          live through one world of the campaign alone, and tell what happens in it
  --regions W        instead: so many zones with two regions, each through a failure of its writer region
  --replay FILE      live through a schedule that an earlier run wrote, and tell what happens in it
  --breakages        break the design on purpose, in one way after the other: each must be caught
  --part K/OF        only this part of the run: worlds of its own, and as many operations as are its share
  --sum FILES        add up the figures of all parts of one run, each written with --json
  --record FILE      write each distinct call to AWS to a file, for the privileges check
  --json FILE        write the figures to a file too
  --help             this text

Exits with 0 when every invariant held and the controls failed; 1 when something broke, with the smallest schedule that
breaks it; 3 when the controls did not fail.
`;

export class BadArguments extends Error {}

const whole = (name: string, text: string, least: number): number => {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw new BadArguments(`--${name} must be a whole number, ${least} or more`);
  return value;
};

const partOf = (text: string): { number: number; of: number } => {
  const [number = 0, of = 0] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (number < 1 || number > of) throw new BadArguments('--part must be K/OF: the K-th of OF parts, such as 2/5');
  return { number, of };
};

const rate = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0 && value <= 0.5)) throw new BadArguments('--faults must be a number from 0 to 0.5');
  return value;
};

export function readArguments(args: readonly string[]) {
  let parsed: ReturnType<typeof parse>;
  const parse = () =>
    parseArgs({
      args: [...args],
      allowPositionals: args.includes('--sum'),
      options: {
        operations: { type: 'string', default: '20000' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string' },
        quick: { type: 'boolean', default: false },
        pairs: { type: 'boolean', default: false },
        threads: { type: 'string' },
        world: { type: 'string' },
        regions: { type: 'string' },
        replay: { type: 'string' },
        breakages: { type: 'boolean', default: false },
        part: { type: 'string', default: '1/1' },
        sum: { type: 'boolean', default: false },
        record: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  try {
    parsed = parse();
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : 'bad arguments');
  }
  const { values, positionals } = parsed;
  return {
    operations: whole('operations', values.operations, 1),
    seed: whole('seed', values.seed, 0),
    faultRate: values.faults === undefined ? null : rate(values.faults),
    quick: values.quick,
    pairs: values.pairs,
    threads: values.threads === undefined ? undefined : whole('threads', values.threads, 1),
    world: values.world === undefined ? undefined : whole('world', values.world, 0),
    regions: values.regions === undefined ? undefined : whole('regions', values.regions, 1),
    replay: values.replay,
    breakages: values.breakages,
    part: partOf(values.part),
    sum: values.sum ? positionals : undefined,
    record: values.record,
    json: values.json,
    help: values.help,
  };
}
