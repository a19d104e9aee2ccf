// Tests by kind. Files share processes, so that what they import is loaded once and not a hundred times: the suite must
// stay fast enough to be run often. The privileges check comes last, because it reads what all others recorded.

import { defineConfig } from 'vitest/config';

const lastOfAll = 'proof/privileges/privileges.test.ts';
/** These replace what a process has one of, as `fetch`, and keep it. */
const alone = 'proof/bench/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/kit/synthesized.ts'],
    // End-to-end tests mostly wait (leases, deadlines), so more of them run than there are cores.
    maxWorkers: 4,
    // A bound for what hangs: machines are shared, and a slow one is no failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['{test,proof}/**/*.test.ts'],
          exclude: [alone, lastOfAll],
          isolate: false,
          setupFiles: ['test/kit/left_behind.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: [alone], sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'privileges', include: [lastOfAll], sequence: { groupOrder: 1 } } },
    ],
  },
});
