// Under whose limit a request counts: the name of an API Gateway key. A caller who is refused anyway never counts against
// a tenant, so that a key which was stolen and revoked cannot use up its tenant's limit.

import { newcomerMs, type SharedHolder, singleRate, usageKey } from '../../contract/kernel/rates.ts';
import type { Mode } from '../../contract/kernel/roles.ts';
import type { Verdict } from '../kernel/http/authorize.ts';
import type { Config } from '../kernel/platform/config.ts';
import type { Platform } from '../kernel/platform/platform.ts';
import type { Key } from './domain/key.ts';
import { load, tenantRow } from './store.ts';

/** Whoever holds the limit: a tenant, or those who share one. */
export interface Holder {
  readonly id: string;
  /** Null: one limit, whatever they ask. */
  readonly mode: Mode | null;
}

const operators: Holder = { id: 'operators' satisfies SharedHolder, mode: null };
export const refused: Holder = { id: 'refused' satisfies SharedHolder, mode: null };
const newcomers = (mode: Mode): Holder => ({ id: 'newcomers' satisfies SharedHolder, mode });

export const operatorHolder = (verdict: Verdict): Holder => (verdict === 'ok' ? operators : refused);

/** A new key of an old tenant is no newcomer: only where the key is new, the tenant's age is asked. */
export async function keyHolder(platform: Platform, key: Key, verdict: Verdict, nowMs: number): Promise<Holder> {
  if (verdict !== 'ok') return refused;
  const own: Holder = { id: key.tenant, mode: key.mode };
  const isOld = ({ created_at }: { readonly created_at: string }): boolean =>
    nowMs - Date.parse(created_at) >= newcomerMs;
  if (isOld(key)) return own;
  const tenant = (await load(platform, tenantRow, key.tenant))?.value;
  return tenant !== undefined && isOld(tenant) ? own : newcomers(key.mode);
}

export function usageKeyOf(
  config: Config,
  { id, mode }: Holder,
  route: { readonly httpMethod: string; readonly resource: string },
): string {
  return mode === null
    ? usageKey(config, id, singleRate)
    : usageKey(config, id, { mode, rateClass: config.rateClass(route.httpMethod, route.resource) });
}
