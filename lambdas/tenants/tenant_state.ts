// Reads and writes a tenant with its business and its capabilities. What is taken away is taken from each copy by itself, before the
// commit that says so: a busy tenant holds some copy at every moment, and would never let all go at once. What is given is given in
// that commit. So nothing that needs a capability commits after the commit that ends it, and nothing before the one that grants it;
// a crash between leaves copies that allow less than the tenant says, which the next change or repeat puts right.

import type { EventType } from '../../contract/kernel/vocabulary.ts';
import { Defect } from '../kernel/domain/refusal.ts';
import {
  type AuditContext,
  commit,
  commitChange,
  type Identified,
  type StorePlatform,
  type Write,
} from '../kernel/store/commit.ts';
import { batchGet } from '../kernel/store/load.ts';
import { conflict } from '../kernel/store/retry.ts';
import { fromItem, type RowType, type Stored } from '../kernel/store/row.ts';
import type { Business, TenantState } from './domain/business.ts';
import { type Capability, capabilityCopies, narrowed, saysSame } from './domain/capability.ts';
import type { Tenant } from './domain/tenant.ts';
import { businessRow, capabilityRow, tenantRow } from './store.ts';

export interface StoredState {
  readonly tenant: Stored<Tenant>;
  readonly business: Stored<Business> | null;
  readonly copies: readonly Stored<Capability>[];
}

/** Strongly consistent, in one call. Undefined: there is no such tenant. */
export async function loadState(platform: StorePlatform, id: string): Promise<StoredState | undefined> {
  const none = { charges: false, refunds: false };
  const keys = [
    { pk: id, sk: 'tenant' },
    { pk: id, sk: 'business' },
    ...capabilityCopies(id, none).map(capabilityRow.key),
  ];
  const read = await batchGet(platform, { tenants: { keys, consistent: true } });
  const of = <T>(type: RowType<T>, sk: string): Stored<T>[] =>
    read('tenants').flatMap((item) => (item.sk?.S === sk ? [fromItem(type, item)] : []));
  const [tenant] = of(tenantRow, 'tenant');
  const [business = null] = of(businessRow, 'business');
  return tenant && { tenant, business, copies: of(capabilityRow, 'capability') };
}

/** Whether every copy says what the tenant does. Of a tenant that may do nothing there need be none. */
const isInForce = ({ tenant, copies }: StoredState): boolean =>
  capabilityCopies(tenant.value.id, tenant.value.capabilities).every((next) => {
    const copy = copies.find(({ value }) => value.id === next.id)?.value;
    return copy === undefined ? !next.charges && !next.refunds : saysSame(copy, next);
  });

/** `fact` null: only what a crash left undone is done. Gives what changed, or null where nothing had to. */
export async function commitState(
  platform: StorePlatform,
  before: StoredState,
  next: TenantState,
  fact: EventType | null,
  audit: AuditContext,
): Promise<'committed' | 'unchanged' | typeof conflict> {
  const wanted = capabilityCopies(next.tenant.id, next.tenant.capabilities);
  if (fact === null && isInForce(before)) return 'unchanged';
  const narrow = before.copies.map(async (copy): Promise<Stored<Capability> | typeof conflict> => {
    const to = wanted.find(({ id }) => id === copy.value.id);
    if (to === undefined) throw new Defect('a tenant has a copy too many');
    const less = narrowed(copy.value, to);
    if (saysSame(copy.value, less)) return copy;
    const done = await commitChange(platform, capabilityRow, copy, { next: less, fact: null }, audit);
    return done.kind === 'committed' ? done.rows[0] : conflict;
  });
  const copies = await Promise.all(narrow);
  if (copies.includes(conflict)) return conflict;
  const left = copies.filter((copy) => copy !== conflict);
  const writes = writesOf(before, next, left, wanted);
  const recording = fact && { type: fact, aggregateId: next.tenant.id };
  return (await commit(platform, writes, recording, audit)).kind === 'committed' ? 'committed' : conflict;
}

/** The tenant last: it bears the fact. */
function writesOf(
  before: StoredState,
  next: TenantState,
  copies: readonly Stored<Capability>[],
  wanted: readonly Capability[],
): readonly Write<Identified>[] {
  const grants = wanted.flatMap((to): Write<Capability>[] => {
    const copy = copies.find(({ value }) => value.id === to.id) ?? null;
    const same = copy === null ? !to.charges && !to.refunds : saysSame(copy.value, to);
    return same ? [] : [{ type: capabilityRow, before: copy, next: to }];
  });
  const business = next.business !== null && next.business !== before.business?.value;
  return [
    ...(grants as readonly Write<Identified>[]),
    ...(business ? [{ type: businessRow, before: before.business, next: next.business } as Write<Identified>] : []),
    { type: tenantRow, before: before.tenant, next: next.tenant } as Write<Identified>,
  ];
}
