// The `due` index of webhooks: deliveries that wait for their time, endpoints that are to be probed, and replays that go on. What is parked waits
// in a partition for each endpoint, outside time.

import { modes } from '../../../contract/kernel/roles.ts';
import { idPrefixes } from '../../../contract/kernel/vocabulary.ts';
import { Defect } from '../../kernel/domain/refusal.ts';
import type { TenantScope } from '../../kernel/domain/tenant_scope.ts';
import type { DuePage } from '../../kernel/store/due.ts';
import type { Item } from '../../kernel/store/row.ts';
import { parkedPartition } from './deliveries.ts';
import { healthPrefix } from './health.ts';

/** What a key of the index names. */
export type Due = TenantScope & { readonly dueAt: string } & (
    | { readonly delivery: string }
    | { readonly endpoint: string }
    | { readonly replay: string }
  );

export function dueOf(item: Item): Due {
  const [tenant, named] = (item.pk?.S ?? '').split('#');
  const mode = modes.find((mode) => mode === named);
  const id = item.sk?.S ?? '';
  const dueAt = item.due_sk?.S?.split('#')[0];
  if (!tenant || !mode || !id || !dueAt) throw new Defect('a key of the due index does not have its form');
  const owned = { tenant, mode, dueAt };
  if (id.startsWith(healthPrefix)) return { ...owned, endpoint: id.slice(healthPrefix.length) };
  return id.startsWith(`${idPrefixes.replay}_`) ? { ...owned, replay: id } : { ...owned, delivery: id };
}

/** Later than every time that is stored. */
const endOfTime = '9';

/** A page of what is parked at an endpoint, the oldest first; eventually consistent. */
export const parkedPage = (endpoint: string, count: number): DuePage => ({
  table: 'webhooks',
  partition: parkedPartition(endpoint),
  until: endOfTime,
  count,
});

/** Ids of deliveries among what an index named. */
export const deliveriesOf = (items: readonly Item[]): string[] =>
  items.map(dueOf).flatMap((due) => ('delivery' in due ? [due.delivery] : []));
