// The `due` index of webhooks: deliveries that wait for their time, and endpoints that are to be probed. What is parked waits
// in a partition for each endpoint, outside time.

import { modes } from '../../../contract/kernel/roles.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../../kernel/store/commit.ts';
import { duePage } from '../../kernel/store/due.ts';
import type { Item } from '../../kernel/store/row.ts';
import { parkedPartition } from './deliveries.ts';
import { healthPrefix } from './health.ts';

/** What a key of the index names. */
export type Due = TenantScope & { readonly dueAt: string } & (
    | { readonly delivery: string }
    | { readonly endpoint: string }
  );

export function dueOf(item: Item): Due {
  const [tenant, named] = (item.pk?.S ?? '').split('#');
  const mode = modes.find((mode) => mode === named);
  const id = item.sk?.S ?? '';
  const dueAt = item.due_sk?.S?.split('#')[0];
  if (!tenant || !mode || !id || !dueAt) throw new Defect('a key of the due index does not have its form');
  const owned = { tenant, mode, dueAt };
  return id.startsWith(healthPrefix)
    ? { ...owned, endpoint: id.slice(healthPrefix.length) }
    : { ...owned, delivery: id };
}

/** Later than every time that is stored. */
const endOfTime = '9';

/** Ids of what is parked at an endpoint, the oldest first; eventually consistent. */
export async function parkedDeliveries(platform: StorePlatform, endpoint: string, count: number): Promise<string[]> {
  const partition = parkedPartition(endpoint);
  const { items } = await duePage(platform, { table: 'webhooks', partition, until: endOfTime, count });
  return items.map(dueOf).flatMap((due) => ('delivery' in due ? [due.delivery] : []));
}
