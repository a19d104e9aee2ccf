// The rules of the architecture, as data. An import that no row allows is forbidden; imports of types count too.
//
// A room is a folder, or a file without its extension. In the name of a room `<c>` is any capability, the same one in a whole
// row; `<below>` is any capability that `<c>` may import (the order in contract/capabilities.ts without `independent` ones);
// `<any>` is any name, `{a,b}` either name; `(files)` are the files directly in a folder.

/** Groups of capabilities that never import each other, wherever they stand in the order. */
export const independent = [
  ['customers', 'connections', 'processors', 'payments', 'processor_events'],
  ['webhooks', 'relay'],
  ['rotation'],
];

/** Room -> the rooms that it may import, besides itself. Where several rows match a file, the last one counts. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  // `capabilities.ts` and the files beside it assemble the capabilities.
  'contract/(files)': ['contract'],
  'contract/kernel': [],
  'contract/<c>': ['contract/kernel', 'contract/<below>'],

  'lambdas/kernel': ['contract'],
  'lambdas/<c>': ['contract', 'lambdas/kernel', 'lambdas/<below>'],
  'lambdas/{processors,rotation}': ['contract', 'lambdas/kernel'],
  'lambdas/<c>/store': ['contract', 'lambdas/kernel', 'lambdas/<below>', 'lambdas/<c>/domain'],
  'lambdas/processors/<any>': ['contract', 'lambdas/kernel', 'lambdas/processors/(files)', 'lambdas/processors/domain'],
  'lambdas/<c>/domain': ['contract', 'lambdas/kernel', 'lambdas/<below>/domain'],
  'lambdas/docs': ['contract', 'lambdas/kernel'],
  'lambdas/functions': ['contract', 'lambdas', 'docs/generated'],

  lib: ['contract'],
  // Written from the contract, not from what writes the templates: two sources that agree.
  'lib/compliance/grants': [
    'contract',
    'lib/{evidence,config}',
    'lib/compliance/(files)',
    'lib/derive/{function_stack,names,profile}',
  ],
  'strongroom.config': ['lib/config'],
  // Within local/: this machine, then what services share, then services, then the cloud that runs them.
  'local/host': [],
  'local/{endpoint,storage}': ['local/host'],
  'local/cloudformation': ['contract/kernel', 'local/host'],
  'local/iam': ['local/{cloudformation,endpoint,host}'],
  'local/{cloudwatch,waf}': ['local/{cloudformation,host}'],
  'local/{dynamodb,eventbridge,kms,sqs}': ['local/{cloudformation,endpoint,host,iam,storage}'],
  'local/lambda': ['contract', 'local/{cloudformation,dynamodb,host,iam,sqs,storage}'],
  'local/{scheduler,secretsmanager}': ['local/{cloudformation,endpoint,host,iam,lambda,storage}'],
  'local/apigateway': ['local/{cloudformation,endpoint,host,iam,lambda,storage,waf}'],
  'local/cloud': ['contract', 'local'],
  processor: [],
  cli: [
    ...[
      'contract',
      'lambdas',
      'lib/{cloud_assembly,config,config_source,costs,notes,template}',
      'lib/derive/{names,urls}',
      'lib/evidence/stateful',
    ],
    ...['local/cloud', 'local/dynamodb/engine', 'processor/stand_ins', 'sdk/src', 'strongroom.config'],
  ],
  bin: ['cli', 'lib', 'strongroom.config'],
  // Documents describe what the templates hold, so they are generated from the same code.
  generate: ['contract', 'lambdas/docs', 'lib', 'sdk', 'package.json'],
  // The code that signs webhooks also signs the client's test vectors.
  'sdk/(files)': ['sdk', 'lambdas/kernel/crypto'],
  'sdk/src': [],

  proof: ['{cli,contract,generate,lambdas,lib,local,processor,sdk}', 'test/kit'],
  'proof/residency': ['contract', 'lib', 'strongroom.config'],
  test: ['<any>'],
  '{stryker,vitest}.config': [],
};

/** Package -> the rooms that may import it. `node:` is every module of Node, `*` every package. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  valibot: ['{cli,contract,generate,lambdas,lib,local,processor}'],
  'aws-lambda': ['lambdas/kernel/{http,platform}', 'lambdas/<c>'],
  '@aws-lambda-powertools/logger': ['lambdas/kernel/platform'],
  '@aws-lambda-powertools/metrics': ['lambdas/kernel/platform'],
  '@middy/core': ['lambdas/kernel/http'],
  '@aws-sdk/client-dynamodb': ['lambdas/kernel/{platform,store}', 'lambdas/<c>/store', 'local/dynamodb', 'cli'],
  '@aws-sdk/util-dynamodb': ['lambdas/kernel/store', 'lambdas/<c>/store'],
  '@aws-sdk/client-kms': ['lambdas/kernel/{crypto,platform}', 'lambdas/rotation', 'cli/{aws,keys}'],
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
  // Types of its objects alone: a field that is missing, or is none, fails to compile.
  stripe: ['processor/stand_ins'],
  '*': ['{proof,test}', 'vitest.config'],
};

/** The packages that a domain may import, directly or through other files: none has a clock, a network or randomness. */
export const purePackages = ['valibot', 'node:net', 'node:util'];

/** Names that read the clock, wait or draw random numbers, and the rooms of lambdas/ that may use them. */
export const time = {
  names: [
    ...['Date.now', 'new Date()', 'performance.now', 'setImmediate', 'setInterval', 'setTimeout'],
    ...['Math.random', 'crypto.getRandomValues', 'crypto.randomUUID'],
  ],
  rooms: ['lambdas/kernel/platform'],
};
/** The same for names that read the environment. */
export const environment = { names: ['process', 'process.env'], rooms: ['lambdas/kernel/platform/platform'] };

/** What a function may import from contract/capabilities.ts, besides types. Of operations it imports its own rows. */
export const wholeTables = ['errors', 'errorTexts', 'eventObjects', 'tables'];

/** Bounds for all files but tests and generated ones. */
export const mostLines = { file: 300, function: 60 };
/** File that may be longer -> the reason. */
export const longFiles: Readonly<Record<string, string>> = {};
/** `<file> <function>` that may be longer -> the reason. */
export const longFunctions: Readonly<Record<string, string>> = {};

/** Words that say nothing as the name of a file or folder. */
export const meaninglessWords = 'base common helper helpers manager managers misc shared util utils'.split(' ');

/** Words that no identifier may contain: for each thing that they named, the field has a term. */
export const bannedWords = 'anew carried carry judge judged kept means taken tells told whoever'.split(' ');
/** `<file> <identifier>` that may contain one -> the reason. */
export const bannedNames: Readonly<Record<string, string>> = {};

/** Generated files. */
export const generated = ['sdk/src/generated'];
