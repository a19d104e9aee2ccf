// Mutation testing of what must not be wrong: money, authorization, crypto, idempotency. A mutant that survives is either
// killed by a test or justified where it lives (`// Stryker disable next-line …: reason`). Run by `npm run mutate`.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [
    'lambdas/domain/{payment,modification,instruction,intent,repeat,key,address,card_number}.ts',
    'lambdas/money/*.ts',
    'lambdas/crypto/*.ts',
    'lambdas/http/{admit,authorizer,usage_key,audit}.ts',
    'lambdas/store/commit.ts',
    'lambdas/settings/{once,make_key}.ts',
    'lambdas/handlers/caller.ts',
  ],
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  tempDirName: 'dist/mutation/work',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  ignoreStatic: true,
  thresholds: { high: 100, low: 100, break: 100 },
};
