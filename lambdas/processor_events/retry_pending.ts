// Looks again at what waits: an event about something that was not known when it came. Each run goes through every shard
// while time is left; what it cannot finish is the next one's.

import { dueShards } from '../../contract/kernel/table.ts';
import { reconcilerLimits } from '../../contract/payments/limits.ts';
import { processorEventLimits as limits } from '../../contract/processor_events/limits.ts';
import { dueProcessorEvents } from '../connections/store.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { applyEvent } from './apply_event.ts';
import type { ProcessorEventPorts } from './ports.ts';

type Page = Awaited<ReturnType<typeof dueProcessorEvents>>;

/** `runMs` is how long the run may take. */
export async function retryPending(ports: ProcessorEventPorts, runMs: number): Promise<number> {
  const { platform } = ports;
  const nowMs = platform.clock();
  const stopMs = nowMs + runMs - reconcilerLimits.reserveMs;
  const first = Math.floor(nowMs / 60_000) % dueShards;
  let looked = 0;
  const work = async (due: Page['due']): Promise<void> => {
    for (let next = due.shift(); next !== undefined && platform.clock() < stopMs; next = due.shift()) {
      // What cannot even be kept waiting stays due.
      if (await applyEvent(ports, next).catch(() => false)) looked += 1;
    }
  };
  for (let turn = 0; turn < dueShards; turn += 1) {
    let after: Page['last'];
    do {
      const shard = (first + turn) % dueShards;
      const page = await dueProcessorEvents(platform, shard, timestamp(nowMs), limits.dueItemsPerPage, after);
      await Promise.all(Array.from({ length: limits.concurrentEvents }, () => work(page.due)));
      after = page.last;
    } while (after !== undefined && platform.clock() < stopMs);
  }
  return looked;
}
