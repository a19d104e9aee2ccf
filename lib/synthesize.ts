// Bundles the functions and writes the cloud assembly of a configuration to the folder that the CDK CLI names, or to cdk.out.

import { buildApp } from './app.ts';
import { bundleFunctions } from './bundle.ts';
import { type Config, stageToCreate } from './config.ts';

export async function synthesize(config: Config, outdir = process.env.CDK_OUTDIR ?? 'cdk.out'): Promise<void> {
  const creating = stageToCreate(config, process.env.STRONGROOM_CREATE);
  if (creating !== undefined) {
    console.error(
      `Stage ${creating} is made: its tables and stacks are not protected from deletion, so that a creation that fails can be taken back. Deploy it once more without STRONGROOM_CREATE, which protects them.`,
    );
  }
  await bundleFunctions();
  buildApp(config, { outdir, today: new Date().toISOString().slice(0, 10), creating }).synth();
}
