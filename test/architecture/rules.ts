// The rules of the house, as data. Whatever no row allows is forbidden; types count like everything else.
//
// A room is a folder, or a file without its ending. In its name `<c>` is any capability and the same one throughout a row,
// `<below>` each capability below that one, `<any>` any name, `{a,b}` both, and `(files)` a folder's own files alone.

/** Capabilities, each with those directly below it: it may import these, and all that stand below them. */
export const below: Readonly<Record<string, readonly string[]>> = {
  audit: [],
  events: [],
  tenants: [],
  processors: [],
  connections: ['audit', 'events', 'tenants'],
  customers: ['audit', 'events', 'tenants'],
  payments: ['connections', 'customers', 'processors'],
  processor_events: ['payments'],
  webhooks: ['events'],
  relay: ['audit', 'webhooks'],
  rotation: [],
};

/** Room -> the rooms that it may import, besides itself. Of the rows that fit a file the last one counts. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  // Here capabilities are put together: `capabilities.ts` and what stands beside it.
  'contract/(files)': ['contract'],
  'contract/kernel': [],
  'contract/<c>': ['contract/kernel', 'contract/<any>/ids'],

  'lambdas/kernel': ['contract'],
  'lambdas/<c>': ['contract', 'lambdas/kernel', 'lambdas/<below>'],
  'lambdas/<c>/store': ['contract', 'lambdas/kernel', 'lambdas/<below>', 'lambdas/<c>/domain'],
  'lambdas/processors/<any>': ['contract', 'lambdas/kernel', 'lambdas/processors/(files)', 'lambdas/processors/domain'],
  'lambdas/<c>/domain': ['contract', 'lambdas/kernel', 'lambdas/<below>/domain'],
  'lambdas/docs': ['contract', 'lambdas/kernel'],
  'lambdas/functions': ['contract', 'lambdas', 'docs/generated'],

  lib: ['contract', 'strongroom.config'],
  'strongroom.config': ['lib/config'],
  local: ['contract'],
  processor: [],
  cli: ['contract', 'lambdas', 'lib/config', 'lib/derive/names', 'local/cloud', 'sdk/src', 'strongroom.config'],
  bin: ['cli', 'lib', 'strongroom.config'],
  // Documents say what the templates hold, so they are made from what makes those.
  generate: ['contract', 'lambdas/docs', 'lib', 'sdk', 'strongroom.config', 'package.json'],
  // Test vectors for the client are signed by what signs webhooks.
  'sdk/(files)': ['sdk', 'lambdas/kernel/crypto'],
  'sdk/src': [],

  proof: ['{cli,contract,generate,lambdas,lib,local,processor,sdk}', 'strongroom.config', 'test/kit'],
  test: ['<any>', 'strongroom.config'],
  '{stryker,vitest}.config': [],
};

/** Package -> the rooms that know it. `node:` is all of Node, and `*` every package. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  valibot: ['{cli,contract,generate,lambdas,lib,local,processor}'],
  'aws-lambda': ['lambdas/kernel/http', 'lambdas/<c>', 'lambdas/{docs,functions}'],
  '@middy/core': ['lambdas/kernel/http'],
  '@aws-sdk/client-dynamodb': ['lambdas/kernel/{platform,store}', 'lambdas/<c>/store', 'local/dynamodb', 'cli'],
  '@aws-sdk/util-dynamodb': ['lambdas/kernel/store', 'lambdas/<c>/store'],
  '@aws-sdk/client-kms': ['lambdas/kernel/{crypto,platform}', 'lambdas/rotation', 'cli/keys'],
  '@aws-sdk/client-secrets-manager': ['lambdas/kernel/{crypto,platform}', 'lambdas/rotation', 'cli'],
  '@aws-sdk/client-sqs': ['lambdas/kernel/platform', 'lambdas/webhooks'],
  '@aws-sdk/client-eventbridge': ['lambdas/kernel/platform', 'lambdas/relay'],
  '@aws-sdk/client-api-gateway': ['lambdas/kernel/platform', 'lambdas/tenants/usage_keys'],
  canonicalize: ['lambdas/kernel/crypto'],
  'node:crypto': ['lambdas/kernel/{crypto,operation,platform}', 'lambdas/{docs,processors}'],
  'node:zlib': ['lambdas/kernel/crypto'],
  'node:net': ['lambdas/<c>/domain', 'lambdas/webhooks/http'],
  'node:util': ['lambdas/<c>/domain'],
  'node:http': ['lambdas/processors/(files)', 'lambdas/webhooks/http'],
  'node:https': ['lambdas/processors/(files)', 'lambdas/webhooks/http'],
  'node:dns': ['lambdas/webhooks/http'],
  'node:events': ['lambdas/webhooks/http'],
  'node:stream': ['lambdas/webhooks/http'],
  'node:tls': ['lambdas/webhooks/http'],
  'node:': ['{cli,generate,lib,local,processor}', 'sdk/(files)'],
  'aws-cdk-lib': ['lib'],
  constructs: ['lib'],
  'cdk-nag': ['lib/compliance'],
  rolldown: ['lib', 'sdk/(files)'],
  '@valibot/to-json-schema': ['generate'],
  '*': ['{proof,test}', 'vitest.config'],
};

/** All that a domain may reach of packages, through whatever it imports: no clock, no network, no randomness. */
export const purePackages = ['valibot', 'node:net', 'node:util'];

/** What tells the time, lets it pass or draws a number; and the only room of lambdas/ that may name it. */
export const time = {
  names: ['Date.now', 'new Date()', 'performance.now', 'setImmediate', 'setInterval', 'setTimeout'].concat([
    'Math.random',
    'crypto.getRandomValues',
    'crypto.randomUUID',
  ]),
  rooms: ['lambdas/kernel/platform'],
};
/** The same for what configures a function. */
export const environment = { names: ['process', 'process.env'], rooms: ['lambdas/kernel/platform/platform'] };

export const mostLines = { file: 300, function: 60 };
/** A file that may be longer -> why. */
export const longFiles: Readonly<Record<string, string>> = {};
/** `<file> <function>` that may be longer -> why. */
export const longFunctions: Readonly<Record<string, string>> = {};

/** Words that say nothing in the name of a file or folder. */
export const emptyWords = 'base common helper helpers manager managers misc shared util utils'.split(' ');

/** Words of our own that no identifier may hold: the field has a word for each thing that they were used for. */
export const bannedWords = 'anew carried carry judge judged kept means taken tells told whoever'.split(' ');
/** `<file> <identifier>` that may hold one -> why. */
export const bannedNames: Readonly<Record<string, string>> = {};

/** Files that a program writes. */
export const generated = ['sdk/src/generated'];
