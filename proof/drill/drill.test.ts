// The drill in short: `npm run drill` says more.

import { describe, expect, it } from 'vitest';
import { drill } from './drill.ts';

describe('[BCK-1] a zone that lost every row of its tables', () => {
  it('is restored by the command to a point in time: nothing is charged twice, nobody is back, the trail is whole', async () => {
    const { faults, payments, restored } = await drill();
    expect(faults).toEqual([]);
    expect(payments).toBeGreaterThan(5);
    expect(restored?.erasedAgain).toBe(1);
  });

  it.each(['keys of that time', 'a forgotten table', 'the trail of that time'] as const)(
    'is not taken for restored with %s',
    async (mistake) => {
      expect((await drill(mistake)).faults).not.toEqual([]);
    },
  );
});
