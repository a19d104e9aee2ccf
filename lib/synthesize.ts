// Bundles the functions and writes the cloud assembly of a configuration to the folder that the CDK CLI names, or to cdk.out.

import { buildApp } from './app.ts';
import { bundleFunctions } from './bundle.ts';
import type { Config } from './config.ts';

export async function synthesize(config: Config, outdir = process.env.CDK_OUTDIR ?? 'cdk.out'): Promise<void> {
  await bundleFunctions();
  buildApp(config, { outdir, today: new Date().toISOString().slice(0, 10) }).synth();
}
