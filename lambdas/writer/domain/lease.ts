// What a region does about the lease of the zone's writer, as a pure decision. It never takes what another holds before that has
// ended, and it shortens no lease, its own neither: functions rely on the end that they once read.

import { type ZoneName, zones } from '../../../contract/kernel/zones.ts';
import type { WriterLease } from '../../../contract/writer/lease.ts';
import { writerLimits as limits } from '../../../contract/writer/limits.ts';

export type LeaseDecision =
  /** Over the lease that was read, or where there is none. */
  | { readonly kind: 'write'; readonly next: WriterLease; readonly changes: boolean }
  /** Another holds it until then (ms since the epoch). */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** It is for another region to act. */
  | { readonly kind: 'rest' };

export interface Region {
  readonly zone: ZoneName;
  readonly region: string;
}

export function decideLease(lease: WriterLease | undefined, { zone, region }: Region, nowMs: number): LeaseDecision {
  const until_ms = nowMs + limits.leaseMs;
  const taking = (epoch: number): LeaseDecision => ({
    kind: 'write',
    next: { holder: region, epoch, until_ms, successor: null },
    changes: true,
  });
  // The first writer of a zone is its home: of two regions that find nothing only one may begin.
  if (lease === undefined) return zones[zone].home === region ? taking(1) : { kind: 'rest' };
  if (lease.holder !== region) {
    return nowMs < lease.until_ms ? { kind: 'wait', untilMs: lease.until_ms } : taking(lease.epoch + 1);
  }
  // It was handed over: it ends by itself.
  if (lease.successor !== null) return { kind: 'rest' };
  return { kind: 'write', next: { ...lease, until_ms: Math.max(until_ms, lease.until_ms) }, changes: false };
}
