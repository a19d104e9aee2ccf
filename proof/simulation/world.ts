// One world, from its plan to its end: merchants ask, things go wrong, the reconciler and the streams go on until everything
// is settled. It decides nothing about right and wrong: what it leaves behind is judged by the invariants.

import { actors } from './acts.ts';
import type { Aftermath } from './aftermath.ts';
import { Business } from './business.ts';
import { type ConditionOptions, type Conditions, conditionsOf } from './conditions.ts';
import { type Deployment, type DeploymentOptions, deploy } from './deployment.ts';
import { startForger } from './forger.ts';
import { createGateway } from './gateway.ts';
import { passingMinutes } from './minutes.ts';
import type { Plan } from './plan.ts';

export type WorldOptions = ConditionOptions & DeploymentOptions;

const minuteMs = 60_000;
const maxEvents = 5_000_000;

export async function runWorld(plan: Plan, options: WorldOptions): Promise<Aftermath> {
  const conditions = conditionsOf(plan, options);
  const deployment = deploy(conditions, options);
  const outside = startOutside(conditions, deployment);
  const minutes = startMinutes(conditions, deployment, outside);
  planOutage(conditions, deployment);
  const { forged } = startForger(conditions, deployment);
  const events = await conditions.timeline.run(maxEvents);
  for (const each of Object.values(deployment.pools)) each.release();
  return {
    ...aftermathOf(conditions, deployment, outside),
    forged,
    counted: { requests: outside.counted.requests, calls: deployment.counted.calls, events },
    unfinished: minutes.unfinished(),
  };
}

/** Merchants, and their way to the API. */
function startOutside(conditions: Conditions, { aws, processor, pools }: Deployment) {
  const { plan, webhooks, merchants, draw, timeline, fault, trace } = conditions;
  const gateway = createGateway({ timeline, draw, fault, ...pools });
  const counted = { requests: 0 };
  const send: typeof gateway = (request, address) => {
    counted.requests += 1;
    return gateway(request, address);
  };
  const business = new Business({ plan, draw, timeline, merchants, processor, send, trace });
  business.start();
  const deliveries = () => [...aws.database.items('webhooks')].filter(({ object }) => object?.S === 'delivery');
  const acting = actors({ acts: webhooks.acts, draw, timeline, merchants, deliveries, send, trace });
  return { business, acting, counted };
}

type Outside = ReturnType<typeof startOutside>;

function startMinutes(conditions: Conditions, deployment: Deployment, { business, acting }: Outside) {
  const { plan, draw, timeline, calmAtMs, fault } = conditions;
  const { aws, pools, triggers } = deployment;
  const runsOf = (address: string): string[] =>
    fault(`${address}/run`, 'delivery') === 'repeated' ? [`${address}.0`, `${address}.1`] : [`${address}.0`];
  return passingMinutes({
    ...{ timeline, draw, calmAtMs, business },
    acts: () => [...acting.waiting(), ...triggers.notifying.waiting()],
    openRows: (table) =>
      [...aws.database.items(table)].flatMap(({ due_pk, due_sk }) =>
        due_sk?.S === undefined || due_pk?.S?.startsWith('parked#') ? [] : [due_sk.S],
      ),
    streamsDrained: triggers.streamsDrained,
    queueDrained: triggers.delivering.drained,
    reconcile: (run) => runsOf(`reconciler.${run}`).map((address) => pools.reconciler.invoke(null, address)),
    dispatch: (run) =>
      plan.webhooks && runsOf(`dispatcher.${run}`).map((address) => pools.dispatcher.invoke(null, address)),
  });
}

/** For a while, where the plan has an outage, no function runs. */
function planOutage({ plan, timeline, trace }: Conditions, { pools }: Deployment): void {
  if (plan.outage === null) return;
  const { atMs, lastsMs } = plan.outage;
  timeline.after(atMs, () => {
    trace?.(`nothing runs for ${Math.round(lastsMs / minuteMs)} minutes`);
    for (const each of Object.values(pools)) each.dieAll();
    timeline.skip(lastsMs);
  });
}

function aftermathOf({ plan, merchants, met }: Conditions, deployment: Deployment, { business, acting }: Outside) {
  const { aws, processor, receivers, triggers, defects } = deployment;
  const { heard, readers, named, payments } = business;
  const { delivering, over, notifying } = triggers;
  return {
    ...{ plan, aws, processor, merchants, heard, readers, named, payments, met, defects },
    asked: plan.intentions.filter(({ name }) => heard.has(name)).length,
    webhooks: {
      hits: receivers.hits,
      challenges: receivers.challenges,
      overAtMs: over.atMs,
      batches: delivering.batches,
      acted: acting.acted,
    },
    notifications: notifying.all(),
  };
}
