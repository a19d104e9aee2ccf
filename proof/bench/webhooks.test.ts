// The webhook bench for a moment, so that it neither rots nor measures a load that gets lost.

import { expect, it } from 'vitest';
import { runWebhooks } from './webhooks_run.ts';

it('[WHK-2] of a thousand events a second none is lost and none overtakes another, whoever hangs', async () => {
  const { events, lost, outOfOrder, waiting, uses } = await runWebhooks({ minutes: 1 / 30, alone: false });
  expect(events).toBeGreaterThan(1_500);
  expect({ lost, outOfOrder }).toEqual({ lost: 0, outOfOrder: 0 });
  expect(Object.values(waiting).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(20);
  expect(uses.deliver.writeUnits / events).toBeGreaterThanOrEqual(1);
}, 120_000);

it('[WHK-2] a hostile tenant’s endpoints neither lose nor reorder what a quiet one gets', async () => {
  const { first, outOfOrder, uses } = await runWebhooks({ minutes: 1 / 30, alone: false, hostile: true });
  expect(first.warmUp.count).toBeGreaterThan(10);
  expect(outOfOrder).toBe(0);
  // It was as hostile as it could be: its sixteen endpoints cost many times what the quiet one does.
  expect(uses.deliver.writeUnits).toBeGreaterThan(10 * first.warmUp.count);
}, 120_000);
