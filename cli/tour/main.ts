// Plays a merchant's day against the local cloud and prints it: `npm run tour`. Every step says what it expects, and the first
// unmet expectation ends the tour with 1. However the tour ends, the cloud is stopped and its state removed.

import { parseArgs } from 'node:util';
import { type LocalCloud, startCloud } from './cloud.ts';
import { playTour } from './day.ts';
import { UnmetExpectation } from './expect.ts';
import { printer } from './printer.ts';
import { playRegions } from './regions.ts';
import { client } from './wire.ts';

/** It takes less than a minute, half of which is waiting; a busy machine may need longer to synthesize. */
const limitMs = 120_000;

const usage = `Plays a merchant's day against the local cloud and prints what goes over the wire.

  npm run tour                    builds, synthesizes, starts, plays, stops; gives up after ${limitMs / 1000} s
  npm run tour -- --no-synth      runs the cdk.out that is there
  npm run tour -- --help          this text

Ends with 0 if everything was as expected; otherwise says which expectation failed.
Colours are used on terminals only, and never with NO_COLOR set.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { 'no-synth': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const print = printer();
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interrupted.abort(new UnmetExpectation(`nobody interrupts the tour (${signal})`)));
  }
  const end = AbortSignal.any([interrupted.signal, AbortSignal.timeout(limitMs)]);
  let cloud: LocalCloud | undefined;
  try {
    print.chapter('The whole system, on this machine');
    cloud = await startCloud({ synth: !values['no-synth'], end, onStep: print.step });
    print.says(
      `Two zones, one of them with both of its regions, from the templates that a deployment sends to AWS, ready after ${seconds()} s.`,
    );
    await playTour(cloud.ready, client(end), print);
    await playRegions(cloud, client(end), print);
    print.end(`All ${print.expectations()} expectations were met, in ${seconds()} s.`);
    return 0;
  } catch (thrown) {
    const why =
      end.aborted && !(end.reason instanceof UnmetExpectation)
        ? new UnmetExpectation(`it ends within ${limitMs / 1000} s`)
        : thrown;
    if (!(why instanceof UnmetExpectation)) throw why;
    print.failed(why);
    return 1;
  } finally {
    await cloud?.stop();
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
