// Plays a merchant's day against the local cloud and prints it: `npm run tour`. Every step says what it expects, and the first
// unmet expectation ends the tour with 1. However the tour ends, the cloud is stopped and its state removed.

import { parseArgs } from 'node:util';
import { type LocalCloud, startCloud } from './cloud.ts';
import { playTour } from './day.ts';
import { UnmetExpectation } from './expect.ts';
import { playLiveDay } from './live/day.ts';
import { secondOperator } from './live/operator.ts';
import { type Processors, startProcessors } from './live/processors.ts';
import { printer } from './printer.ts';
import { playRegions } from './regions.ts';
import { client } from './wire.ts';

/** It takes less than a minute, half of which is waiting; a busy machine may need longer to synthesize. */
const limitMs = 120_000;

/** Of the stages, production alone has a second region. */
const bothRegions = ['--stage', 'production', '--both-regions', 'us'];

const usage = `Plays a merchant's day against the local cloud and prints what goes over the wire.

  npm run tour                    builds, synthesizes, starts, plays, stops; gives up after ${limitMs / 1000} s
  npm run tour -- live            a merchant's way to live money instead, with stand-ins for Stripe and Adyen
  npm run tour -- --no-synth      runs the cdk.out that is there
  npm run tour -- --help          this text

Ends with 0 if everything was as expected; otherwise says which expectation failed.
Colours are used on terminals only, and never with NO_COLOR set.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { 'no-synth': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [which, ...others] = positionals;
  if (others.length > 0 || (which !== undefined && which !== 'live')) {
    console.error(`There is no tour "${positionals.join(' ')}".\n\n${usage}`);
    return 2;
  }
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
  let processors: Processors | undefined;
  try {
    print.chapter('The whole system, on this machine');
    const start = async (more: readonly string[], what: string): Promise<LocalCloud> => {
      cloud = await startCloud({ synth: !values['no-synth'], more, end, onStep: print.step });
      print.says(`${what}, from the templates that a deployment sends to AWS, ready after ${seconds()} s.`);
      return cloud;
    };
    if (which === 'live') {
      processors = await startProcessors();
      const hosts = processors.hosts.flatMap((host) => ['--host', host]);
      const { ready, state } = await start(hosts, 'Two zones, and beside them stand-ins for Stripe and Adyen');
      const operators = { first: ready.operator_keys.us, second: await secondOperator(state) };
      await playLiveDay(ready, client(end), print, { processors, operators });
    } else {
      const running = await start(bothRegions, 'Two zones, one of them with both of its regions');
      await playTour(running.ready, client(end), print);
      await playRegions(running, client(end), print);
    }
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
    processors?.stop();
  }
}

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
