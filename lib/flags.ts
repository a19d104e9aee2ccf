// CDK's feature flags and context, in code: `cdk synth` and `node bin/app.ts` must give the same bytes, and the latter
// never reads cdk.json. The recommended set, with what differs and why.

import { createRequire } from 'node:module';

const recommended: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

export const flags: Readonly<Record<string, unknown>> = {
  ...recommended,
  // AWS's own rules for templates fail the synthesis instead of the deployment.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
};

/** What the CDK CLI would set by its own options: set last, so that it makes no difference who synthesizes. */
export const cliContext: Readonly<Record<string, unknown>> = {
  'aws:cdk:enable-path-metadata': false,
  'aws:cdk:enable-asset-metadata': false,
  'aws:cdk:version-reporting': false,
  'aws:cdk:bundling-stacks': ['**'],
  // The CLI would report findings by itself, and lose those that belong to no stack, such as an exception that has expired.
  '@aws-cdk/core:failSynthOnValidationErrors': true,
};
