// One run of the lease function: renews what its region holds, takes what has ended, and waits for what ends while it runs. A
// look that fails is repeated as long as there is time: the lease of a region that can't reach its table ends.

import type { WriterLease } from '../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../contract/writer/limits.ts';
import { defectOf } from '../kernel/domain/refusal.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { readLease } from '../kernel/store/writer.ts';
import { decideLease } from './domain/lease.ts';
import { writeLease } from './store.ts';

export type LeasePlatform = Pick<Platform, 'clock' | 'config' | 'dynamodb' | 'log' | 'sleep'>;

/** `remainingMs`: of the function's own time limit. The lease as it was seen last; undefined: none was. */
export async function keepLease(platform: LeasePlatform, remainingMs: number): Promise<WriterLease | undefined> {
  const stopMs = platform.clock() + remainingMs - limits.reserveMs;
  for (;;) {
    const looked = await look(platform).catch((error: unknown) => {
      platform.log('lease_failed', { defect: defectOf(error) });
      return { lease: undefined, againMs: platform.clock() + limits.lookMs };
    });
    if (looked.againMs === null || looked.againMs > stopMs) return looked.lease;
    await platform.sleep(Math.max(0, Math.min(limits.lookMs, looked.againMs - platform.clock())));
  }
}

/** `againMs`: when there is something to do next; null: not in this run. */
async function look(
  platform: LeasePlatform,
): Promise<{ readonly lease: WriterLease | undefined; readonly againMs: number | null }> {
  const { clock, config } = platform;
  const lease = await readLease(platform);
  const decision = decideLease(lease, config, clock());
  if (decision.kind === 'rest') return { lease, againMs: null };
  if (decision.kind === 'wait') return { lease, againMs: decision.untilMs };
  const { next, changes } = decision;
  if (!(await writeLease(platform, lease, next))) return { lease, againMs: clock() + limits.lookMs };
  if (changes) platform.log('writer_changed', { object: next.holder, attempt: next.epoch });
  return { lease: next, againMs: null };
}
