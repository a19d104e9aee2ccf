// Zones with two regions, a few of them: `npm run simulate -- --regions 200` is the long run.

import { describe, expect, it } from 'vitest';
import { simulateRegions } from './regions/run.ts';

const few = { seed: 1, worlds: 6 };

describe('[RES-4] [PAY-1] a zone whose writer region fails in the middle of payments', () => {
  it('charges nobody twice and loses no fact; the same without a fence breaks a rule', async () => {
    const fenced = await simulateRegions({ ...few, fenced: true });
    expect(fenced.broken).toEqual([]);
    expect(fenced.facts).toBeGreaterThan(100);
    const open = await simulateRegions({ ...few, fenced: false });
    expect(open.broken.length).toBeGreaterThan(0);
  }, 120_000);
});
