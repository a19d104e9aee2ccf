// Tests by kind. Nothing is isolated per file but what starts processes: the suite must stay fast enough to be run often.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/synthesized.ts'],
    // End-to-end tests mostly wait (leases, deadlines), so more of them run than there are cores.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
