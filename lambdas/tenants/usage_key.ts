// Under whose limit a request counts: the name of an API Gateway key. A caller that is refused anyway never counts against
// a tenant, so that a key which was stolen and revoked cannot use up its tenant's limit.

import { newTenantMs, type SharedSubject, singleRate, usageKey } from '../../contract/kernel/rates.ts';
import type { Mode } from '../../contract/kernel/roles.ts';
import type { Verdict } from '../kernel/http/authorize.ts';
import type { Config } from '../kernel/platform/config.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import { load } from '../kernel/store/load.ts';
import type { Key } from './domain/key.ts';
import { tenantRow } from './store.ts';

/** Who has the limit: a tenant, or those who share one. */
export interface RateLimitSubject {
  readonly id: string;
  /** Null: one limit for all that they call. */
  readonly mode: Mode | null;
  /** Payers have a limit of their own: one merchant's page must not use up what its servers may do. */
  readonly isPayer?: boolean;
}

const operators: RateLimitSubject = { id: 'operators' satisfies SharedSubject, mode: null };
export const refused: RateLimitSubject = { id: 'refused' satisfies SharedSubject, mode: null };
const newTenants = (mode: Mode): RateLimitSubject => ({ id: 'new-tenants' satisfies SharedSubject, mode });

export const operatorSubject = (verdict: Verdict): RateLimitSubject => (verdict === 'ok' ? operators : refused);

/** A new key of an old tenant counts under its tenant: only where the key is new, the tenant's age is read. */
export async function keySubject(
  platform: Platform,
  key: Key,
  verdict: Verdict,
  nowMs: number,
): Promise<RateLimitSubject> {
  if (verdict !== 'ok') return refused;
  const own: RateLimitSubject = { id: key.tenant, mode: key.mode };
  const isOld = ({ created_at }: { readonly created_at: string }): boolean =>
    nowMs - Date.parse(created_at) >= newTenantMs;
  if (isOld(key)) return own;
  const tenant = (await load(platform, tenantRow, { id: key.tenant }))?.value;
  return tenant !== undefined && isOld(tenant) ? own : newTenants(key.mode);
}

export function usageKeyOf(
  config: Config,
  { id, mode, isPayer = false }: RateLimitSubject,
  route: { readonly httpMethod: string; readonly resource: string },
): string {
  if (mode === null) return usageKey(config, id, singleRate);
  const rateClass = isPayer ? 'payer' : config.rateClass(route.httpMethod, route.resource);
  return usageKey(config, id, { mode, rateClass });
}
