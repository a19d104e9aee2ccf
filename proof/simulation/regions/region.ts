// One of the two regions of a zone: the product's own functions over a database of its own, with the table of the lease, which
// both share. It can die with all its functions, and be cut off from what lies outside of it.

import type { FunctionName } from '../../../contract/capabilities.ts';
import { keepLease } from '../../../lambdas/writer/keep_lease.ts';
import { sdkError } from '../../../test/kit/aws/answered.ts';
import { type MemoryAws, memoryAws } from '../../../test/kit/aws/memory.ts';
import { SimulatedAws } from '../aws.ts';
import type { Conditions } from '../conditions.ts';
import { type Code, type Pool, pool } from '../functions.ts';
import { createGateway } from '../gateway.ts';
import { secretBytes } from '../merchants.ts';
import { Network } from '../network.ts';
import { type Pools, poolsOf } from '../pools.ts';
import type { RegionPlace, Surroundings } from '../process.ts';
import type { SimulatedProcessor } from '../processor.ts';
import { product } from '../product.ts';
import { pollers } from '../queue.ts';
import type { SimulatedReceivers } from '../receivers.ts';
import { shards, streams } from '../streams.ts';

export type Region = ReturnType<typeof openRegion>;

export interface RegionPorts {
  readonly conditions: Conditions;
  readonly place: RegionPlace;
  readonly processor: SimulatedProcessor;
  readonly lease: MemoryAws;
  /** Merchants' servers are the same for both. */
  readonly receivers: SimulatedReceivers;
  readonly tookOver: () => void;
}

const leaseCode: Code<null, unknown> = {
  name: 'writer_lease' satisfies FunctionName,
  load:
    ({ platform }) =>
    () =>
      keepLease(platform, 50_000),
};

const namesLease = (input: object): boolean => (input as { readonly TableName?: string }).TableName === 'writer';

interface Own {
  readonly region: string;
  readonly own: MemoryAws;
  readonly pools: Pools;
  /** Whether the region is alive. */
  readonly runs: () => boolean;
}

/** What invokes functions when something was written. */
function triggersIn({ draw, timeline, fault }: Conditions, { region, own, pools, runs }: Own) {
  const shared = { timeline, draw, fault, runs };
  const { database, queues } = own;
  const relaying = streams({ ...shared, database, name: 'relay', reader: pools.relay });
  const finding = streams({ ...shared, database, region, name: 'lost_updates', reader: pools.lost_updates });
  const delivering = pollers({ ...shared, queues, place: region, deliver: pools.deliver });
  return {
    drained: (): boolean => relaying.drained() && finding.drained() && delivering.drained(),
    deadLettered: delivering.setAside,
    wrote(): void {
      if (!runs()) return;
      relaying.take();
      finding.take();
      delivering.wake();
    },
  };
}

export function openRegion({ conditions, place, processor, lease, receivers, tookOver }: RegionPorts) {
  const { plan, draw, timeline, fault, trace } = conditions;
  const { region } = place;
  const state = { alive: true, reachesLease: true };
  const own = memoryAws({ now: timeline.now, random: secretBytes(), keepsHistory: true, shards, region });
  const aws: MemoryAws = {
    ...own,
    answer(call, more) {
      if (!namesLease(call.input)) return own.answer(call, more);
      if (state.reachesLease) return lease.answer(call);
      throw sdkError('InternalServerError', 'The table cannot be reached.', { status: 500 });
    },
  };
  const listeners = { wrote: () => {} };
  const simulated = new SimulatedAws({ timeline, aws, wrote: () => listeners.wrote() });
  const local = (address: string): string => `${region}/${address}`;
  const network = new Network({ draw, timeline, aws: simulated, fault });
  const surroundings: Surroundings = {
    ...{ seed: plan.seed, timeline, place },
    log(message, fields) {
      trace?.(`${region} ${message} ${JSON.stringify(fields)}`);
      if (message === 'writer_changed') tookOver();
    },
    execute: (process, call) => network.execute(process, call),
  };
  const pools = poolsOf(product(processor, receivers), surroundings);
  const keeper: Pool<null, unknown> = pool(leaseCode, surroundings);
  const triggers = triggersIn(conditions, { region, own, pools, runs: () => state.alive });
  listeners.wrote = triggers.wrote;
  const every = [...Object.values(pools), keeper];
  const gateway = createGateway({ timeline, draw, fault, ...pools });

  return {
    ...{ region, own, state },
    drained: triggers.drained,
    deadLettered: triggers.deadLettered,
    send: (...[request, address]: Parameters<typeof gateway>) => gateway(request, local(address)),
    wrote: () => listeners.wrote(),
    minute(run: number): void {
      if (!state.alive) return;
      keeper.invoke(null, local(`lease.${run}`));
      pools.reconciler.invoke(null, local(`reconciler.${run}`));
      if (plan.webhooks) pools.dispatcher.invoke(null, local(`dispatcher.${run}`));
    },
    die(): void {
      state.alive = false;
      for (const each of every) each.dieAll();
    },
    comeBack(): void {
      Object.assign(state, { alive: true, reachesLease: true });
      listeners.wrote();
    },
    release: () => {
      for (const each of every) each.release();
    },
  };
}
