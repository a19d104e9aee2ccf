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
import { poolsOf } from '../pools.ts';
import type { RegionPlace, Surroundings } from '../process.ts';
import type { SimulatedProcessor } from '../processor.ts';
import { product } from '../product.ts';
import { SimulatedReceivers } from '../receivers.ts';
import { shards, streams } from '../streams.ts';

export type Region = ReturnType<typeof openRegion>;

export interface RegionPorts {
  readonly conditions: Conditions;
  readonly place: RegionPlace;
  readonly processor: SimulatedProcessor;
  readonly lease: MemoryAws;
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

export function openRegion({ conditions, place, processor, lease, tookOver }: RegionPorts) {
  const { plan, webhooks, merchants, startMs, draw, timeline, fault, trace } = conditions;
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
  const receivers = new SimulatedReceivers({ plan: webhooks, merchants, startMs, draw, timeline, fault });
  const pools = poolsOf(product(processor, receivers), surroundings);
  const keeper: Pool<null, unknown> = pool(leaseCode, surroundings);
  const relaying = streams({ timeline, draw, database: own.database, fault, name: 'relay', reader: pools.relay });
  const finding = streams({
    ...{ timeline, draw, database: own.database, fault, region },
    name: 'lost_updates',
    reader: pools.lost_updates,
  });
  listeners.wrote = () => {
    if (!state.alive) return;
    relaying.take();
    finding.take();
  };
  const every = [...Object.values(pools), keeper];
  const gateway = createGateway({ timeline, draw, fault, ...pools });

  return {
    ...{ region, own, state },
    drained: () => relaying.drained() && finding.drained(),
    send: (...[request, address]: Parameters<typeof gateway>) => gateway(request, local(address)),
    wrote: () => listeners.wrote(),
    minute(run: number): void {
      if (!state.alive) return;
      keeper.invoke(null, local(`lease.${run}`));
      pools.reconciler.invoke(null, local(`reconciler.${run}`));
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
