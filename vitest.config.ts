// Tests by kind. `npm test` runs what is short: test/ and the short tests of proofs. `npm run prove` runs what is long by nature:
// proof/**/*.proof.ts. Files share processes, so that what they import is loaded once and not a hundred times: the suite must
// stay fast enough to be run often.

import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** More than there are cores: see WaitingFirst. */
const workers = 4;
/** These replace what a process has one of, as `fetch`, and keep it. */
const alone = 'proof/bench/**/*.test.ts';
/** Holds what a run of `npm test` asked of AWS against the policies, after all proofs have added theirs. */
const privileges = 'proof/privileges/privileges.proof.ts';

/**
 * End-to-end tests mostly wait (leases, deadlines), so they begin early and others compute meanwhile. A few begin before them:
 * the end-to-end tests wait for the synthesis first.
 */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/e2e/');
    const computing = sorted.filter((file) => !waits(file));
    return [...computing.slice(0, workers - 1), ...sorted.filter(waits), ...computing.slice(workers - 1)];
  }
}

const shared = { isolate: false, setupFiles: ['test/kit/left_behind.ts'], sequence: { groupOrder: 0 } };

const suite: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'suite', include: ['{test,proof}/**/*.test.ts'], exclude: [alone], ...shared } },
  { extends: true, test: { name: 'alone', include: [alone], sequence: { groupOrder: 0 } } },
];

const proofs: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'proofs', include: ['proof/**/*.proof.ts'], exclude: [privileges], ...shared } },
  // Only where somebody kept the recordings of `npm test`, as .ci/run does; `npm run privileges` makes its own.
  ...(process.env.STRONGROOM_RECORDINGS
    ? [{ extends: true as const, test: { name: 'privileges', include: [privileges], sequence: { groupOrder: 1 } } }]
    : []),
];

export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: ['test/kit/global_setup.ts'],
    maxWorkers: workers,
    sequence: { sequencer: WaitingFirst },
    // A bound for what hangs: machines are shared, and a slow one is no failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default'],
    projects: mode === 'proofs' ? proofs : suite,
  },
}));
