// Counts a live payment in the very transaction that commits it: of its card, its customer, its payer's address and its tenant. One
// that would be too many is not made, and counts for nobody. What is counted is named by keyed digests alone. Test mode counts
// nothing.

import { velocityLimits as limits } from '../../contract/payments/limits.ts';
import type { Digests } from '../kernel/crypto/digest.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { Counter, Guard } from '../kernel/store/guard.ts';
import { networkOf, type Subjects, windowAt } from './domain/velocity.ts';

export interface Velocity {
  /** To be made for each try: which counter of the tenant is asked is drawn, among those not known to be full. */
  guards(): readonly Guard[];
  /** Whether another counter may have room, where this one has none. Throws where a guard of velocity refuses for good. */
  mayTryAnother(full: Guard): boolean;
}

interface Needs {
  readonly platform: Pick<Platform, 'clock' | 'random'>;
  readonly digests: Pick<Digests, 'of'>;
}

const none: Velocity = { guards: () => [], mayTryAnother: () => false };

export async function velocityOf(
  { platform, digests }: Needs,
  scope: TenantScope,
  subjects: Subjects,
): Promise<Velocity> {
  const { tenant, mode } = scope;
  if (mode === 'test') return none;
  const { startMs, endMs } = windowAt(platform.clock());
  const counter = (name: string, max: number): Counter => ({
    table: 'velocity',
    key: { pk: `vel#${tenant}#${name}`, sk: new Date(startMs).toISOString() },
    max,
    expires_at_s: Math.ceil(endMs / 1000),
    refused: 'velocity_exceeded',
  });
  const { payment_method, customer, payer_address } = subjects;
  const named = { payment_method, customer, payer_address: payer_address && networkOf(payer_address) };
  const ofSubjects = await Promise.all(
    (['payment_method', 'customer', 'payer_address'] as const).flatMap((kind) => {
      const value = named[kind];
      if (value === undefined) return [];
      return [
        digests.of(['velocity', tenant, kind, value]).then((digest) => counter(`${kind}#${digest}`, limits[kind])),
      ];
    }),
  );
  const shards = Array.from({ length: limits.tenantShards }, (_, shard) =>
    counter(`tenant#${shard}`, Math.ceil(limits.tenant / limits.tenantShards)),
  );
  const full = new Set<Guard>();
  return {
    guards() {
      const left = shards.filter((shard) => !full.has(shard));
      const drawn = left[(platform.random(1)[0] ?? 0) % left.length];
      return drawn === undefined ? ofSubjects : [...ofSubjects, drawn];
    },
    mayTryAnother(guard) {
      if (guard.refused !== 'velocity_exceeded') return false;
      full.add(guard);
      const isTenants = shards.some((shard) => shard === guard);
      if (isTenants && full.size < limits.tenantShardsTried) return true;
      const retryAfterSeconds = Math.max(1, Math.ceil((endMs - platform.clock()) / 1000));
      throw new Refusal('velocity_exceeded', { retryAfterSeconds });
    },
  };
}
