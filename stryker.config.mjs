// Mutation testing of what must not be wrong: money, authorization, crypto, idempotency. A mutant that survives is either
// killed by a test or justified where it lives (`// Stryker disable next-line …: reason`). Run by `npm run mutate`; a part
// by `npm run mutate -- --mutate 'lambdas/payments/domain/**'` (docs/decisions/0015).

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'proof/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [
    'lambdas/{payments,customers}/**/*.ts',
    'lambdas/kernel/crypto/*.ts',
    'lambdas/kernel/http/{authorize,audit}.ts',
    'lambdas/kernel/domain/{idempotency,account_number,card_brands,card_number,iban,identifiers,plain_text}.ts',
    'lambdas/kernel/operation/{create,scope}.ts',
    'lambdas/kernel/store/commit.ts',
    'lambdas/kernel/platform/cache.ts',
    'lambdas/rotation/secrets/*.ts',
    'lambdas/rotation/store/named_versions.ts',
    'lambdas/tenants/{authorizer,usage_key,issue_key}.ts',
    'lambdas/tenants/domain/*.ts',
  ],
  // What is copied for each run: nothing that is built or kept. Published vectors lie in docs.
  ignorePatterns: ['dist', 'cdk.out', '.strongroom', 'coverage', '*.md'],
  // TypeScript 7 has no API in JavaScript; nothing in the copies needs types.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  tempDirName: 'dist/mutation/work',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  // Tables of rules and regular expressions are made when a module is loaded: they are what must not be wrong.
  ignoreStatic: false,
  thresholds: { high: 100, low: 100, break: 100 },
};
