// A whole run: the product through its worlds and through every fault and pair of faults, the controls through the same
// worlds, and for the first world that broke the smallest schedule that breaks it.

import { intentionsPerWorld, type Job, type Stretch } from './campaign.ts';
import { contestants, controlNames } from './contestants.ts';
import { searches } from './exhaustive.ts';
import { explain } from './explain.ts';
import { progressOf } from './progress.ts';
import { figures } from './report.ts';
import { add, emptyTally, type Tally } from './tally.ts';
import { cut, openThreads } from './threads.ts';

export interface SimulateOptions {
  readonly operations: number;
  readonly seed: number;
  readonly faultRate: number | null;
  readonly pairs: boolean;
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
const leastControlWorlds = 20;
/** Pieces into which the search through one operation's faults is cut. */
const searchPieces = 8;

type Say = (text: string) => void;

export async function simulate(options: SimulateOptions, say: Say): Promise<Simulated> {
  const { operations, seed, faultRate, threads, pairs } = options;
  const started = performance.now();
  const timed = async (
    what: string,
    total: number,
    run: (progress: (operations: number) => void) => Promise<Tally>,
  ) => {
    const from = performance.now();
    const progress = progressOf(what, total);
    const tally = await run(progress.more);
    progress.end();
    return { tally, seconds: (performance.now() - from) / 1000 };
  };
  const working = openThreads({ threads, record: options.record ?? null });

  // Some intentions never come to be (their payment failed): worlds are added until there are enough operations.
  let worlds = 0;
  const asked = await timed('operations', operations, async (progress) => {
    const sum = emptyTally();
    while (sum.operations < operations) {
      const perWorld = worlds === 0 ? intentionsPerWorld : sum.operations / worlds;
      const toWorld = worlds + Math.ceil((operations - sum.operations) / perWorld);
      const stretch: Stretch = { kind: 'worlds', seed, contestant: 'product', fromWorld: worlds, toWorld, faultRate };
      add(sum, await working.run(cut(stretch), progress));
      worlds = toWorld;
    }
    return sum;
  });
  say(figures('The product', asked.tally, asked.seconds));

  const pieces = options.onePieceOf === undefined ? searchPieces : 1;
  const parts = options.onePieceOf ?? searchPieces;
  const jobs = [...searches.keys()].flatMap((plan) =>
    Array.from({ length: pieces }, (_, part): Job => ({ kind: 'search', plan, pairs, part, parts })),
  );
  const searched = await timed('exhaustive worlds', 0, (progress) => working.run(jobs, progress));
  say(figures(pairs ? 'Every fault and pair of faults' : 'Every single fault', searched.tally, searched.seconds));

  const toWorld = Math.max(leastControlWorlds, Math.ceil(worlds / worldsPerControlWorld));
  const controls: Record<string, Tally> = {};
  for (const contestant of controlNames) {
    const stretch: Stretch = { kind: 'worlds', seed, contestant, fromWorld: 0, toWorld, faultRate };
    const { tally } = await timed(contestant, 0, (progress) => working.run(cut(stretch), progress));
    controls[contestant] = tally;
    const share = ((100 * tally.doubleCharges) / tally.operations).toFixed(2);
    say(
      `The control "${contestants[contestant].what}" charged ${tally.doubleCharges} of ${tally.operations} payments more than once (${share} %).`,
    );
  }

  await working.close();

  const [broken] = [...asked.tally.broken, ...searched.tally.broken];
  if (broken !== undefined) {
    say(`\nSeed ${seed}, ${broken.world}:`);
    await explain(broken, say);
  }
  const tooGood = controlNames.filter((name) => {
    const { doubleCharges, operations: all } = controls[name] ?? emptyTally();
    return !(doubleCharges / all >= leastShareOfDoubles);
  });
  for (const name of tooGood) say(`\nInvalid: the control ${name} hardly charges twice, so nothing is proved.`);
  const code = broken !== undefined ? 1 : tooGood.length > 0 ? 3 : 0;
  const seconds = (performance.now() - started) / 1000;
  say(code === 0 ? `\nAll invariants held (${seconds.toFixed(1)} s).` : '\nFAILED.');
  return { code, product: asked.tally, exhausted: searched.tally, controls, seconds };
}
