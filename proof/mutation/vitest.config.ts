// What decides on a mutant: the tests of money, authorization, crypto and idempotency, on the runtime in memory (test/kit/runtime/memory.ts),
// without the synthesis. `STRONGROOM_JUDGES` narrows them to folders or files, such as `test/payments/domain test/kernel/crypto`: a mutant
// that a pure test kills needs no pipeline.

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const testPaths = (
  process.env.STRONGROOM_JUDGES ??
  'test/payments/domain test/tenants/key.test.ts test/kernel test/rotation/secrets test/payments test/customers test/tenants test/contract'
).split(' ');

/** The fastest first: a mutant is dead at the first failure. */
class FastestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      testPaths.findIndex((path) => moduleId.includes(`/${path}`));
    return [...files].sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    env: { STRONGROOM_TEST_RUNTIME: 'memory' },
    include: testPaths.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
    // Operators are made over AWS's wire, which the runtime in memory has not; the local cloud's secrets need templates.
    exclude: ['test/tenants/operators.test.ts', 'test/rotation/secrets/local_secrets.test.ts'],
    isolate: false,
    sequence: { sequencer: FastestFirst },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
