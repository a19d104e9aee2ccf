// What the CDK CLI runs, and what `node bin/app.ts` runs as well: bundles the functions, then writes the cloud assembly.
// It needs no credentials, no account and no network.

import { buildApp } from '../lib/app.ts';
import { bundleFunctions } from '../lib/bundle.ts';
import config from '../strongroom.config.ts';

await bundleFunctions();
buildApp(config, {
  outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
  today: new Date().toISOString().slice(0, 10),
}).synth();
