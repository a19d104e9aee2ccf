// Opens the runtime: on real engines, or in memory for mutation tests, which open a thousand.

import type { RuntimeFixture } from './runtime_fixture.ts';

/** Set by proof/mutation/vitest.config.ts. */
const inMemory = process.env.STRONGROOM_TEST_RUNTIME === 'memory';

export const openRuntime = async (): Promise<RuntimeFixture> =>
  inMemory ? (await import('./memory.ts')).openRuntime() : (await import('./engines.ts')).openRuntime();
