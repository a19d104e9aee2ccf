// Webhooks under load, on a virtual clock: how long a first attempt takes, whether a noisy tenant or receivers that hang
// slow the others, whether repeated attempts keep their times, whether anything is lost or out of order, and what it costs.
// The code is the product's own; AWS' times, and the fairness of its queue, are models (webhooks_model.ts, local/sqs).

import { dollarsPerMillion } from '../../contract/kernel/prices.ts';
import { childResult } from './children.ts';
import type { Bench, Row } from './measure.ts';
import { load } from './webhooks_model.ts';
import type { Ran } from './webhooks_run.ts';

/** CPU of a minute is about two minutes; other work may share the machine. */
const deadlineMs = (minutes: number): number => (5 + 15 * minutes) * 60_000;

const heap = '--max-old-space-size=8192';

const ran = async (minutes: number, ...more: string[]): Promise<Ran> => {
  const args = [heap, 'proof/bench/webhooks_child.ts', String(minutes), ...more];
  return (await childResult(args, {}, deadlineMs(minutes))) as Ran;
};

/** Dollars for a million events with one endpoint each, from their fan-out on: what every fact costs anyway is left out. */
function dollarsOf({ events, uses }: Ran) {
  const { deliver, dispatcher, relay } = uses;
  const each = (units: number): number => units / events;
  const perMillion = (used: Parameters<typeof dollarsPerMillion>[0]): number => dollarsPerMillion(used);
  const queueCalls = each(relay.queueCalls + deliver.queueCalls + dispatcher.queueCalls);
  const readUnits = each(relay.webhookReadUnits + deliver.readUnits + dispatcher.readUnits);
  return {
    'write units': perMillion({ writeUnit: each(deliver.writeUnits) }),
    'read units': perMillion({ readUnit: readUnits }),
    Lambda: perMillion({
      lambdaGbSecond: each(deliver.gbSeconds + dispatcher.gbSeconds),
      lambdaRequest: each(deliver.invocations + dispatcher.invocations),
    }),
    queue: perMillion({ queueCall: queueCalls }),
    keys: perMillion({ kmsCall: each(deliver.keyCalls) }),
    logs: perMillion({ logGb: each(deliver.logBytes) / 1e9 }),
  };
}

function rowsOf(all: Ran, alone: Ran): Row[] {
  const { first, retries, uses, events } = all;
  const dollars = dollarsOf(all);
  const furthestMs = Math.max(-retries.least, retries.most);
  return [
    {
      name: 'first attempt: p99',
      unit: 'ms',
      ours: first.all.p99,
      target: { of: 'ours', most: 2_000 },
      more: { p50: first.all.p50, 'noisy p99': first.noisy.p99, 'from cold p99': first.warmUp.p99 },
    },
    {
      name: 'first attempt of quiet tenants: p99, beside theirs alone',
      unit: 'ms',
      ours: first.quiet.p99,
      reference: alone.first.quiet.p99,
      target: { of: 'ratio', most: 1.2 },
      more: { p50: first.quiet.p50, 'p50 alone': alone.first.quiet.p50 },
    },
    {
      name: 'repeated attempts: furthest from their time',
      unit: 'ms',
      ours: furthestMs,
      target: { of: 'ours', most: 1_000 },
      more: { p50: retries.p50, p99: retries.p99, 'how many (count)': retries.count },
    },
    { name: 'lost', unit: 'count', ours: all.lost + alone.lost, target: { of: 'ours', most: 0 }, more: all.waiting },
    { name: 'out of order', unit: 'count', ours: all.outOfOrder + alone.outOfOrder, target: { of: 'ours', most: 0 } },
    {
      name: 'a million deliveries',
      unit: '$',
      ours: Object.values(dollars).reduce((sum, part) => sum + part, 0),
      target: { of: 'ours', most: 1 },
      more: dollars,
    },
    {
      name: 'write units a delivery',
      unit: 'units',
      ours: uses.deliver.writeUnits / events,
      more: { 'read units': (uses.deliver.readUnits + uses.relay.webhookReadUnits) / events },
    },
    {
      name: 'messages in a batch',
      unit: 'count',
      ours: all.batchMessages,
      more: { 'batches at once': all.pollers, events },
    },
  ];
}

export const webhooks = (minutes: number): Bench => ({
  name: 'webhooks',
  about:
    `${load.eventsPerSecond} events/s for ${minutes} virtual minutes, a tenth of the receivers hanging, one tenant half of ` +
    'the load; the queue’s fairness is our model of SQS; beside: quiet tenants with receivers that work, alone',
  run: async () => rowsOf(await ran(minutes), await ran(minutes, 'alone')),
});

function hostileRows(beside: Ran, alone: Ran): Row[] {
  return [
    {
      name: 'first attempt of a quiet tenant: p99, beside its own alone',
      unit: 'ms',
      ours: beside.first.quiet.p99,
      reference: alone.first.quiet.p99,
      target: { of: 'ratio', most: 1.2 },
      more: {
        p50: beside.first.quiet.p50,
        'p50 alone': alone.first.quiet.p50,
        most: beside.first.quiet.most,
        'how many (count)': beside.first.quiet.count,
      },
    },
  ];
}

export const besideHostile = (minutes: number): Bench => ({
  name: 'hostile',
  about:
    `${load.eventsPerSecondBesideHostile} events/s of two tenants for ${minutes} virtual minutes; one has as many endpoints as it ` +
    'may, all hang, and it makes, deletes, changes, replays and verifies as often as it is let; beside: the other alone',
  run: async () => hostileRows(await ran(minutes, 'hostile'), await ran(minutes, 'hostile', 'alone')),
});
