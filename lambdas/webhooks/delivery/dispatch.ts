// The dispatcher: once a minute it puts into the queue what falls due before it comes again, to the second. Doubles are
// harmless, since an attempt is claimed; so a message that was lost costs a minute and never a delivery.

import { dueShards } from '../../../contract/kernel/table.ts';
import { dispatcherLimits as limits } from '../../../contract/webhooks/limits.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { type Message, post } from '../message.ts';
import { type Due, dueAt } from '../store.ts';

export interface Dispatched {
  readonly posted: number;
}

/** `runMs` is how long the run may take. Each run begins with another shard, so that none is always last. */
export async function dispatch(platform: Platform, runMs: number): Promise<Dispatched> {
  const nowMs = platform.clock();
  const stopMs = nowMs + runMs - limits.reserveMs;
  const until = timestamp(nowMs + limits.aheadMs);
  const first = Math.floor(nowMs / 60_000) % dueShards;
  const turns = Array.from({ length: dueShards }, (_, turn) => (first + turn) % dueShards);
  let posted = 0;
  await Promise.all(
    turns.map(async (shard) => {
      let after: Awaited<ReturnType<typeof dueAt>>['last'];
      do {
        const page = await dueAt(platform, shard, until, limits.dueItemsPerPage, after);
        const messages = page.due.map((due) => ({
          message: messageOf(due),
          afterMs: Date.parse(due.dueAt) - platform.clock(),
        }));
        await post(platform, messages);
        posted += messages.length;
        after = page.last;
      } while (after !== undefined && platform.clock() < stopMs);
    }),
  );
  platform.log('dispatch_finished', { count: posted });
  return { posted };
}

const messageOf = ({ tenant, mode, ...due }: Due): Message =>
  'endpoint' in due
    ? { do: 'take_up', tenant, mode, endpoint: due.endpoint, because: 'due' }
    : { do: 'attempt', tenant, mode, delivery: due.delivery };
