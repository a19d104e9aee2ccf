// Tests by kind. Nothing is isolated per file but what starts processes: the suite must stay fast enough to be run often.
// The privileges check comes last, because it reads what all others recorded.

import { defineConfig } from 'vitest/config';

const lastOfAll = 'test/privileges/privileges.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/synthesized.ts'],
    // End-to-end tests mostly wait (leases, deadlines), so more of them run than there are cores.
    maxWorkers: 4,
    // A bound for what hangs: machines are shared, and a slow one is no failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['test/**/*.test.ts'],
          exclude: [lastOfAll],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'privileges', include: [lastOfAll], sequence: { groupOrder: 1 } } },
    ],
  },
});
