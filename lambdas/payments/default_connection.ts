// Which connection takes a live payment that names none: the first of its currency's that its processor does not refuse, as far as is
// known. It is chosen before anything is stored and written with the payment: nothing of a payment is ever asked through another.

import { takesPayments } from '../connections/domain/connection.ts';
import { defaultsFor } from '../connections/domain/defaults.ts';
import { loadDefaults, loadHealth } from '../connections/store.ts';
import type { TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { MoneyPorts } from './ports.ts';

/** Undefined: nobody has chosen any, or none of them is there any more. */
export async function defaultConnection(
  { platform, connections }: Pick<MoneyPorts, 'platform' | 'connections'>,
  scope: TenantScope,
  currency: string,
): Promise<string | undefined> {
  if (scope.mode === 'test') return undefined;
  const ids = defaultsFor((await loadDefaults(platform, scope)).value, currency);
  const each = await Promise.all(
    ids.map(async (id) => {
      const [connection, health] = await Promise.all([connections(id), loadHealth(platform, id)]);
      return {
        id,
        isThere: takesPayments(connection, scope),
        isFailing: (health?.value.failing_since ?? null) !== null,
      };
    }),
  );
  const there = each.filter(({ isThere }) => isThere);
  return (there.find(({ isFailing }) => !isFailing) ?? there[0])?.id;
}
