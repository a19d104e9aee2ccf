// A schedule: a plan and exactly the faults that are to happen in it. It can be written down, lived through again, and
// made smaller for as long as the same rule breaks.

import type { Aftermath } from './aftermath.ts';
import { type Fault, faultsAt } from './faults.ts';
import { historyOf } from './history.ts';
import { type Violation, violationsOf } from './invariants.ts';
import type { Merchant } from './merchants.ts';
import type { Arrival, Plan } from './plan.ts';
import type { WebhookPlan } from './plan_webhooks.ts';
import { runWorld, type WorldOptions } from './world.ts';

export interface Schedule {
  readonly plan: Plan;
  readonly faults: readonly (readonly [address: string, fault: Fault])[];
}

/** What happened, as it could be lived through again. */
export const scheduleOf = ({ plan, met }: Aftermath): Schedule => ({
  plan,
  faults: met.map(({ address, fault }) => [address, fault]),
});

export interface Lived {
  readonly left: Aftermath;
  readonly violations: readonly Violation[];
}

export async function live(
  schedule: Schedule,
  merchants: readonly Merchant[],
  more: Pick<WorldOptions, 'trace'> = {},
): Promise<Lived> {
  const left = await runWorld(schedule.plan, { merchants, faults: faultsAt(new Map(schedule.faults)), ...more });
  return { left, violations: violationsOf(left, historyOf(left.aws.database)) };
}

/** Most worlds that one shrinking lives through. */
const maxTries = 600;

/** The smallest schedule found that breaks `rule`; the given one if none is smaller. */
export async function shrink(from: Schedule, rule: string, merchants: readonly Merchant[]): Promise<Schedule> {
  let tries = 0;
  let smallest = from;
  const breaks = async (schedule: Schedule): Promise<boolean> => {
    tries += 1;
    if (tries > maxTries) return false;
    const { violations } = await live(schedule, merchants).catch(() => ({ violations: [] }));
    if (!violations.some((violation) => violation.rule === rule)) return false;
    smallest = schedule;
    return true;
  };
  /** Leaves out ever smaller parts of a list. */
  const thin = async <T>(list: () => readonly T[], using: (remaining: readonly T[]) => Schedule): Promise<void> => {
    for (let size = Math.ceil(list().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < list().length && tries <= maxTries; ) {
        const remaining = list().toSpliced(at, size);
        if (!(await breaks(using(remaining)))) at += size;
      }
    }
  };
  await breaks({ ...smallest, plan: { ...smallest.plan, reads: 0 } });
  await breaks({ ...smallest, plan: { ...smallest.plan, outage: null } });
  await breaks({ ...smallest, plan: { ...smallest.plan, webhooks: null } });
  await breaks({ ...smallest, plan: { ...smallest.plan, connected: false } });
  await breaks({ ...smallest, plan: { ...smallest.plan, strike: null } });
  await thin(
    () => smallest.plan.forgeries,
    (forgeries) => ({ ...smallest, plan: { ...smallest.plan, forgeries } }),
  );
  for (let round = 0; round < 2; round += 1) {
    await thin(
      () => smallest.plan.intentions,
      (remaining) => ({ ...smallest, plan: withIntentions(smallest.plan, remaining) }),
    );
    await thin(
      () => smallest.plan.webhooks?.acts ?? [],
      (acts) => ({ ...smallest, plan: withWebhooks(smallest.plan, { acts }) }),
    );
    await thin(
      () => smallest.plan.webhooks?.outages ?? [],
      (outages) => ({ ...smallest, plan: withWebhooks(smallest.plan, { outages }) }),
    );
    for (const part of ['illness', 'poison'] as const) {
      await breaks({ ...smallest, plan: withWebhooks(smallest.plan, { [part]: 0 }) });
    }
    await thin(
      () => smallest.faults,
      (faults) => ({ ...smallest, faults }),
    );
    await thin(
      () => smallest.plan.intentions.flatMap(({ name, arrivals }) => arrivals.map((arrival) => ({ name, arrival }))),
      (remaining) => ({ ...smallest, plan: withArrivals(smallest.plan, remaining) }),
    );
  }
  return smallest;
}

const withWebhooks = (plan: Plan, changed: Partial<WebhookPlan>): Plan =>
  plan.webhooks === null ? plan : { ...plan, webhooks: { ...plan.webhooks, ...changed } };

/** Whom nobody asks for is left out. */
const withArrivals = (plan: Plan, remaining: readonly { readonly name: string; readonly arrival: Arrival }[]): Plan =>
  withIntentions(
    plan,
    plan.intentions.flatMap((intention) => {
      const arrivals = remaining.flatMap(({ name, arrival }) => (name === intention.name ? [arrival] : []));
      return arrivals.length === 0 ? [] : [{ ...intention, arrivals }];
    }),
  );

/** Without a payment there is nothing to change. */
function withIntentions(plan: Plan, remaining: Plan['intentions']): Plan {
  const names = new Set(remaining.map(({ name }) => name));
  return { ...plan, intentions: remaining.filter(({ payment }) => payment === null || names.has(payment)) };
}
