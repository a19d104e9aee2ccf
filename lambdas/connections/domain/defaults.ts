// The connections of a tenant's mode that take payments which name none. Pure.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { ConnectionDefaults } from '../../../contract/connections/defaults.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';

export const Defaults = v.object({ ...ConnectionDefaults.entries, tenant: v.string() });
export type Defaults = v.InferOutput<typeof Defaults>;

/** Nobody has chosen any. */
export const noDefaults = (id: string, { tenant, mode }: TenantScope): Defaults => ({
  ...{ id, object: 'connection_defaults', tenant, mode },
  currencies: {},
  updated_at: null,
});

/** Null: it was so already. */
export const setDefaults = (
  before: Defaults,
  currencies: Defaults['currencies'],
  now: string,
): Change<Defaults> | null =>
  isDeepStrictEqual(before.currencies, currencies)
    ? null
    : { fact: 'connection_defaults.updated', next: { ...before, currencies, updated_at: now } };

/** In the order in which they are taken. */
export const defaultsFor = ({ currencies }: Defaults, currency: string): readonly string[] =>
  currencies[currency] ?? currencies['*'] ?? [];
