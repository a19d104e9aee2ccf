// Retries the events that wait: each is about something that was not known when it came. A run walks every shard while time is
// left, and leaves what it cannot finish to the next run.

import { reconcilerLimits } from '../../contract/payments/limits.ts';
import { processorEventLimits as limits } from '../../contract/processor_events/limits.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { concurrently, shardsInTurn, walkShard } from '../kernel/store/due.ts';
import type { Item } from '../kernel/store/row.ts';
import { applyEvent } from './apply_event.ts';
import { eventNameOf } from './store.ts';

/** `runMs` is how long the run may take. */
export async function retryPending(ports: HandlerPorts, runMs: number): Promise<number> {
  const { platform } = ports;
  const nowMs = platform.clock();
  const stopMs = nowMs + runMs - reconcilerLimits.reserveMs;
  let retried = 0;
  const one = async (item: Item): Promise<void> => {
    const event = eventNameOf(item);
    // What cannot even be stored as waiting stays due.
    if (event !== undefined && (await applyEvent(ports, event).catch(() => false))) retried += 1;
  };
  for (const partition of shardsInTurn(nowMs)) {
    const page = {
      table: 'processor_events',
      partition,
      until: timestamp(nowMs),
      count: limits.dueItemsPerPage,
    } as const;
    await walkShard(platform, page, stopMs, (items) =>
      concurrently(platform, items, limits.concurrentEvents, stopMs, one),
    );
  }
  return retried;
}
