// Bundles the functions and writes the cloud assembly of a configuration to the folder that the CDK CLI names, or to cdk.out.

import { buildApp } from './app.ts';
import { bundleFunctions } from './bundle.ts';
import { type Config, stageAtOnce, stageToCreate } from './config.ts';
import { timed, timedAsync, writeTimings } from './timings.ts';

export async function synthesize(config: Config, outdir = process.env.CDK_OUTDIR ?? 'cdk.out'): Promise<void> {
  const creating = stageToCreate(config, process.env.STRONGROOM_CREATE);
  if (creating !== undefined) {
    console.error(
      `Stage ${creating} is made: its tables and stacks are not protected from deletion, so that a creation that fails can be taken back. Deploy it once more without STRONGROOM_CREATE, which protects them.`,
    );
  }
  const atOnce = stageAtOnce(config, process.env.STRONGROOM_AT_ONCE);
  if (atOnce !== undefined) {
    console.error(`Stage ${atOnce}: all requests meet new code at once, and no alarm takes it back.`);
  }
  await timedAsync('bundling', () => bundleFunctions());
  const today = new Date().toISOString().slice(0, 10);
  const app = timed('constructs', () => buildApp(config, { outdir, today, creating, atOnce }));
  timed('synthesis', () => app.synth());
  writeTimings();
}
