// The dispatcher: once a minute it puts into the queue what falls due before it comes again, to the second. Doubles are
// harmless, since an attempt is claimed; so a message that was lost costs a minute and never a delivery.

import { dispatcherLimits as limits } from '../../../contract/webhooks/limits.ts';
import { timestamp } from '../../kernel/platform/clock.ts';
import type { Platform } from '../../kernel/platform/platform.ts';
import { isWriter } from '../../kernel/platform/writer.ts';
import { shardsInTurn, walkShard } from '../../kernel/store/due.ts';
import { post, type Task } from '../message.ts';
import { type Due, dueOf } from '../store/due.ts';

export interface Dispatched {
  readonly posted: number;
}

/** `runMs` is how long the run may take. */
export async function dispatch(platform: Platform, runMs: number): Promise<Dispatched> {
  // In a standby the writer region's own dispatcher does it.
  if (!(await isWriter(platform.writer))) return { posted: 0 };
  const nowMs = platform.clock();
  const stopMs = nowMs + runMs - limits.reserveMs;
  const until = timestamp(nowMs + limits.aheadMs);
  let posted = 0;
  const shards = shardsInTurn(nowMs).map((partition) => {
    const page = { table: 'webhooks', partition, until, count: limits.dueItemsPerPage } as const;
    return walkShard(platform, page, stopMs, async (items) => {
      const messages = items.map(dueOf).map((due) => ({
        message: messageOf(due),
        afterMs: Date.parse(due.dueAt) - platform.clock(),
      }));
      await post(platform, messages);
      posted += messages.length;
    });
  });
  await Promise.all(shards);
  platform.log('dispatch_finished', { count: posted });
  return { posted };
}

const messageOf = ({ tenant, mode, ...due }: Due): Task =>
  'replay' in due
    ? { kind: 'replay', tenant, mode, replay: due.replay }
    : 'endpoint' in due
      ? { kind: 'resume_parked', tenant, mode, endpoint: due.endpoint, reason: 'probe_due' }
      : { kind: 'attempt', tenant, mode, delivery: due.delivery };
