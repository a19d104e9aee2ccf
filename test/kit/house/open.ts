// Opens a house: on real engines, or in memory for mutation tests, which open a thousand.

import type { House } from './house.ts';

/** Set by proof/mutation/vitest.config.ts. */
const inMemory = process.env.STRONGROOM_HOUSE === 'memory';

export const openHouse = async (): Promise<House> =>
  inMemory ? (await import('./memory.ts')).openHouse() : (await import('./engines.ts')).openHouse();
