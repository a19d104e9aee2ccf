// A whole run: the product through its worlds and through every fault and pair of faults, the controls through the same
// worlds, and for the first world that broke the smallest schedule that breaks it.

import { intentionsPerWorld, type Job, type Stretch } from './campaign.ts';
import { contestants, controlNames } from './contestants.ts';
import { searches } from './exhaustive.ts';
import { explain } from './explain.ts';
import { firstWorldOf, operationsOf, type Part } from './parts.ts';
import { progressOf } from './progress.ts';
import { figures } from './report.ts';
import { add, emptyTally, type Tally } from './tally.ts';
import { cut, openThreads, type Threads } from './threads.ts';

export interface SimulateOptions {
  readonly operations: number;
  readonly seed: number;
  readonly faultRate: number | null;
  readonly pairs: boolean;
  readonly part: Part;
  /** Of the exhaustive part: one of so many pieces only. Absent: all. */
  readonly onePieceOf?: number;
  readonly threads: number | undefined;
  readonly record: string | undefined;
}

export interface Simulated {
  /** 0: all invariants held and the controls failed. 1: something broke. 3: a control did not fail. */
  readonly code: 0 | 1 | 3;
  readonly product: Tally;
  readonly exhausted: Tally;
  readonly controls: Readonly<Record<string, Tally>>;
  readonly seconds: number;
}

/** Below this share of double charges, a control has not been tried hard enough to prove anything. */
const leastShareOfDoubles = 0.01;
/** Controls live through one world for so many of the product's. */
const worldsPerControlWorld = 20;
/** Some two hundred payments, of which the better control doubles one in ten: far from the share above. */
const leastControlWorlds = 8;
/** Pieces into which the search through one operation's faults is cut. */
const searchPieces = 8;

type Say = (text: string) => void;

export async function simulate(options: SimulateOptions, say: Say): Promise<Simulated> {
  const started = performance.now();
  const threads = openThreads({ threads: options.threads, record: options.record ?? null });
  const { product, worlds } = await campaign(options, threads, say);
  const exhausted = options.part.number === 1 ? await search(options, threads, say) : emptyTally();
  const controls = await runControls(options, worlds, threads, say);
  await threads.close();

  const [broken] = [...product.broken, ...exhausted.broken];
  if (broken !== undefined) {
    say(`\nSeed ${options.seed}, ${broken.world}:`);
    await explain(broken, say);
  }
  const tooGood = Object.entries(controls).filter(
    ([, { doubleCharges, operations }]) => !(doubleCharges / operations >= leastShareOfDoubles),
  );
  for (const [name] of tooGood) say(`\nInvalid: the control ${name} hardly charges twice, so nothing is proved.`);
  const code = broken !== undefined ? 1 : tooGood.length > 0 ? 3 : 0;
  const seconds = (performance.now() - started) / 1000;
  say(code === 0 ? `\nAll invariants held (${seconds.toFixed(1)} s).` : '\nFAILED.');
  return { code, product, exhausted, controls, seconds };
}

/** Some intentions never come to be, because their payment failed: worlds are added until there are enough operations. */
async function campaign({ part, seed, faultRate, ...options }: SimulateOptions, threads: Threads, say: Say) {
  const operations = operationsOf(part, options.operations);
  const first = firstWorldOf(part);
  const started = performance.now();
  const progress = progressOf('operations', operations);
  const product = emptyTally();
  let worlds = 0;
  while (product.operations < operations) {
    const perWorld = worlds === 0 ? intentionsPerWorld : product.operations / worlds;
    const toWorld = worlds + Math.ceil((operations - product.operations) / perWorld);
    const stretch: Stretch = {
      kind: 'worlds',
      seed,
      contestant: 'product',
      fromWorld: first + worlds,
      toWorld: first + toWorld,
      faultRate,
    };
    add(product, await threads.run(cut(stretch), progress.more));
    worlds = toWorld;
  }
  progress.end();
  say(figures('The product', product, (performance.now() - started) / 1000));
  return { product, worlds };
}

async function search({ pairs, onePieceOf }: SimulateOptions, threads: Threads, say: Say): Promise<Tally> {
  const started = performance.now();
  const progress = progressOf('exhaustive worlds', 0);
  const pieces = onePieceOf === undefined ? searchPieces : 1;
  const parts = onePieceOf ?? searchPieces;
  const jobs = [...searches.keys()].flatMap((plan) =>
    Array.from({ length: pieces }, (_, part): Job => ({ kind: 'search', plan, pairs, part, parts })),
  );
  const tally = await threads.run(jobs, progress.more);
  progress.end();
  say(
    figures(
      pairs ? 'Every fault and pair of faults' : 'Every single fault',
      tally,
      (performance.now() - started) / 1000,
    ),
  );
  return tally;
}

async function runControls({ part, seed, faultRate }: SimulateOptions, worlds: number, threads: Threads, say: Say) {
  const fromWorld = firstWorldOf(part);
  const toWorld = fromWorld + Math.max(leastControlWorlds, Math.ceil(worlds / worldsPerControlWorld));
  const controls: Record<string, Tally> = {};
  for (const contestant of controlNames) {
    const tally = await threads.run(cut({ kind: 'worlds', seed, contestant, fromWorld, toWorld, faultRate }));
    controls[contestant] = tally;
    const share = ((100 * tally.doubleCharges) / tally.operations).toFixed(2);
    say(
      `The control "${contestants[contestant].what}" charged ${tally.doubleCharges} of ${tally.operations} payments ` +
        `more than once (${share} %).`,
    );
  }
  return controls;
}
