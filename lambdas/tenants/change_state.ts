// Changes a tenant's state: read, decide, commit, and again where another was faster. A key changes its own tenant's, an operator the
// one that the path names.

import type { Operation } from '../../contract/capabilities.ts';
import { BusinessProfile } from '../../contract/tenants/business.ts';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import type { Change, Refused } from '../kernel/domain/decision.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import { serialize } from '../kernel/domain/serialize.ts';
import { type Call, committed, unchanged } from '../kernel/operation/call.ts';
import type { CreatePorts } from '../kernel/operation/create.ts';
import { idOf, notFound } from '../kernel/operation/named.ts';
import type { Ports } from '../kernel/operation/ports.ts';
import { type Route, route } from '../kernel/operation/route.ts';
import { timestamp } from '../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../kernel/store/retry.ts';
import { isRefused, type Profile, requirementsOf, type StateChange, type TenantState } from './domain/business.ts';
import type { Tenant } from './domain/tenant.ts';
import { tenantRow } from './store.ts';
import { commitState, loadState, type StoredState } from './tenant_state.ts';

export type BusinessPorts = CreatePorts & Pick<Ports, 'people'>;

/** Where a profile is sealed: of the tenant, whatever the mode. */
const profileContext = (tenant: string) => ({
  tenant,
  mode: null,
  purpose: 'business',
  table: 'tenants',
  item: tenant,
  field: 'profile',
});

export const sealProfile = ({ people }: Pick<Ports, 'people'>, tenant: string, profile: Profile) =>
  people.seal(JSON.stringify(profile), profileContext(tenant));

/** Throws `DecryptionError`. */
export async function openProfile({ people }: Pick<Ports, 'people'>, { business }: TenantState): Promise<Profile> {
  if (business === null) return {};
  const text = await people.open(business.profile, profileContext(business.tenant));
  return parseSealed(BusinessProfile, text, 'a business');
}

/** What a submission and its decisions are bound to. */
export const submissionOf = (tenant: string, profile: Profile) => ({ submission: 'business', tenant, profile });

/** As operators see it; merchants see no proposal. */
export async function reviewed(ports: Pick<Ports, 'people'>, state: TenantState) {
  const { tenant, business } = state;
  const profile = await openProfile(ports, state);
  const { submission = null, submitted_at = null, rejection = null, proposal = null } = business ?? {};
  const { id, verification, capabilities, suspension, closed_at } = tenant;
  const standing = { verification, capabilities, suspension, closed_at };
  const review = { submission, submitted_at, rejection, proposal };
  return { object: 'business', tenant: id, ...standing, ...profile, requirements: requirementsOf(profile), ...review };
}

const tenantOf = (call: Call<Operation>): string =>
  call.identity.actor.kind === 'operator' ? idOf(call, 'tenant') : call.scope.tenant;

const valuesOf = ({ tenant, business }: StoredState): TenantState => ({
  tenant: tenant.value,
  business: business?.value ?? null,
});

/** Refuses with `tenant_not_found`. */
export async function stateOf({ platform }: BusinessPorts, call: Call<Operation>): Promise<StoredState> {
  const found = await loadState(platform, tenantOf(call));
  if (found === undefined) throw notFound('tenant');
  return found;
}

type Decide<O extends Operation> = (
  state: TenantState,
  call: Call<O>,
  ports: BusinessPorts,
) => StateChange | Promise<StateChange>;

/** `shown` is what the reply shows of the state. */
export const changeState = <O extends Operation>(
  operation: O,
  decide: Decide<O>,
  shown: (state: TenantState, ports: BusinessPorts) => unknown,
): Route<BusinessPorts> =>
  route(operation, (call, ports) =>
    untilCommitted(ports.platform, async () => {
      const before = await stateOf(ports, call as unknown as Call<Operation>);
      const values = valuesOf(before);
      const decided = await decide(values, call, ports);
      if (decided !== null && isRefused(decided)) throw new Refusal(decided.refused);
      const next = decided ?? values;
      const audit = await call.auditContext(tenantRow.scope(before.tenant.value));
      const done = await commitState(ports.platform, before, next, decided?.fact ?? null, audit);
      if (done === conflict) return conflict;
      const body = serialize(operation.reply, await shown(next, ports));
      return decided === null ? unchanged(body) : committed(body);
    }),
  );

/** The reply to a read. */
export async function readState(ports: BusinessPorts, call: Call<Operation>): Promise<unknown> {
  return reviewed(ports, valuesOf(await stateOf(ports, call)));
}

/** A decision about the tenant alone. */
export const ofTenant =
  <O extends Operation>(
    decide: (tenant: Tenant, call: Call<O>, now: string) => Change<Tenant> | Refused | null,
  ): Decide<O> =>
  ({ tenant, business }, call, { platform }) => {
    const decided = decide(tenant, call, timestamp(platform.clock()));
    if (decided === null || 'refused' in decided) return decided;
    if (decided.fact === null) throw new Defect('a change of a tenant records no fact');
    return { tenant: decided.next, business, fact: decided.fact };
  };
