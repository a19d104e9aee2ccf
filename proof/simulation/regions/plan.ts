// What happens to a zone with two regions while its merchants are busy, as inert data drawn from a seed.

import { writerLimits } from '../../../contract/writer/limits.ts';
import { type Draw, drawFrom } from '../draw.ts';
import { type Plan, planOf, spanMs } from '../plan.ts';
import type { WebhookPlan } from '../plan_webhooks.ts';

export interface RegionsPlan {
  readonly plan: Plan;
  /**
   * `dies`: nothing of the home runs, and nothing of it replicates. `isolated`: its functions run and its clients reach it, but
   * it reaches neither the lease nor the other region. `handed_over`: an engineer asks for it.
   */
  readonly failure: 'dies' | 'isolated' | 'handed_over';
  readonly atMs: number;
  /** Until the home is back, and replicates what it had not. */
  readonly lastsMs: number;
  /** How far the home's clock is ahead of the second region's; the bound on it holds. */
  readonly aheadMs: number;
}

const minuteMs = 60_000;

/** They are never down, and no merchant changes anything. */
const receiversOf = (draw: Draw): WebhookPlan => ({
  illness: draw.pick('illness', [0, 0, 0.1]),
  ...{ poison: 0, outages: [], acts: [] },
});

/** Before anybody asks for anything: by then the home has become the writer. */
export const headStartMs = minuteMs;

export function regionsPlanOf(seed: number, intentions: number): RegionsPlan {
  const draw = drawFrom(seed);
  const plan = planOf(seed, intentions);
  const failure = draw.pick('failure', ['dies', 'dies', 'isolated', 'handed_over'] as const);
  return {
    // What is drawn here is about regions: everything else that a world may have, other worlds have.
    plan: {
      ...plan,
      calmAfterMs: plan.calmAfterMs + headStartMs,
      faultRate: draw.chance('calm', failure === 'handed_over' ? 0.6 : 0.2) ? 0 : Math.min(plan.faultRate, 0.02),
      webhooks: draw.chance('with webhooks', 0.7) ? receiversOf(draw) : null,
      ...{ outage: null, connected: false, forgeries: [], strike: null },
    },
    failure,
    atMs: headStartMs + Math.round(draw.between('failure at', spanMs / 4, spanMs)),
    lastsMs: Math.round(draw.between('failure lasts', 5 * minuteMs, 40 * minuteMs)),
    aheadMs: Math.round(draw.between('clocks', -writerLimits.skewMs, writerLimits.skewMs)),
  };
}
