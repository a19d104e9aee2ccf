// From `unverified` to `verified` or `rejected`, suspension and closure: what each allows in live mode, and who decides it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as operations from '../../contract/tenants/operations.ts';
import { commitChange, systemContext } from '../../lambdas/kernel/store/commit.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { capabilityId } from '../../lambdas/tenants/domain/capability.ts';
import { capabilityRow, tenantRow } from '../../lambdas/tenants/store.ts';
import { operator, secondOperator } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/open.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';
import { profile, tenantsOf } from './business_fixture.ts';

let runtime: RuntimeFixture;
let tenants: ReturnType<typeof tenantsOf>;

beforeAll(async () => {
  runtime = await openRuntime();
  tenants = tenantsOf(runtime.platform);
});
afterAll(() => runtime.stop());

const liveKey = { name: 'Live', scopes: ['payments:write', 'keys:write'], mode: 'live' };
const copyOf = async (tenant: string, copy: number) =>
  (await load(runtime.platform, capabilityRow, { id: capabilityId(tenant, copy) }))?.value;

describe('[KYC-1] a business', () => {
  it('says what is still due, and is submitted once nothing is', async () => {
    const who = await tenants.created();
    const first = await tenants.asMerchant(operations.getBusiness, who);
    expect(first.json).toMatchObject({ verification: 'unverified', capabilities: { charges: false, refunds: false } });
    expect(first.json.requirements).toContain('/legal_name');
    const early = await tenants.asMerchant(operations.submitBusiness, who, {});
    expect(early.json.code).toBe('requirements_due');
    expect(early.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(first.json.requirements);
    const { address: _, ...noAddress } = profile;
    const partly = await tenants.asMerchant(operations.updateBusiness, who, noAddress);
    expect(partly.json.requirements).toEqual(['/address/line1', '/address/city', '/address/country']);
    const whole = await tenants.asMerchant(operations.updateBusiness, who, profile);
    expect(whole.json).toMatchObject({ ...profile, requirements: [] });
    expect((await tenants.asMerchant(operations.submitBusiness, who, {})).json.verification).toBe('pending');
    const again = await tenants.asMerchant(operations.submitBusiness, who, {});
    expect([again.statusCode, again.json.verification]).toEqual([200, 'pending']);
  });

  it('is read by a process that did not write it', async () => {
    const { who } = await tenants.submitted();
    const other = tenantsOf(runtime.platform);
    expect((await other.asMerchant(operations.getBusiness, who)).json).toMatchObject(profile);
  });

  it('lies sealed: neither its row nor its tenant’s facts show a word of it', async () => {
    const { who } = await tenants.submitted();
    const texts = JSON.stringify(await runtime.records('tenants'), (_, each) =>
      each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : each,
    );
    expect(texts).toContain(who.tenant);
    for (const word of ['Theodora', 'Miller', '1980-01-31', 'Blue Bottle', '12-3456789'])
      expect(texts).not.toContain(word);
  });

  it('does not change while it is reviewed, nor once it is verified; after a rejection it begins anew', async () => {
    const { who, submission } = await tenants.submitted();
    const change = () => tenants.asMerchant(operations.updateBusiness, who, { ...profile, legal_name: 'Other' });
    expect((await change()).json.code).toBe('business_locked');
    const rejection = { decision: 'reject', reason: 'details_not_confirmed', submission };
    await tenants.asOperator(operations.proposeVerification, who.tenant, rejection);
    const body = { decision: 'reject', submission };
    const rejected = await tenants.asOperator(operations.confirmVerification, who.tenant, body, secondOperator);
    expect(rejected.json).toMatchObject({ verification: 'rejected', rejection: 'details_not_confirmed' });
    expect((await change()).json).toMatchObject({ verification: 'unverified', legal_name: 'Other', rejection: null });
    const verified = await tenants.verified();
    expect((await tenants.asMerchant(operations.updateBusiness, verified, profile)).json.code).toBe('business_locked');
    expect((await tenants.asMerchant(operations.submitBusiness, verified, {})).json.code).toBe('business_locked');
  });

  it('is its own tenant’s alone, whatever tenant another names', async () => {
    const { who } = await tenants.submitted();
    const other = await tenants.created();
    expect((await tenants.asMerchant(operations.getBusiness, other)).json.legal_name).toBeUndefined();
    expect((await tenants.asOperator(operations.getTenantBusiness, who.tenant, undefined)).json.legal_name).toBe(
      profile.legal_name,
    );
    const asked = await tenants.ask(operations.getTenantBusiness, {
      params: { tenant_id: who.tenant },
      authorizer: other,
    });
    expect(asked.json.code).toBe('actor_not_allowed');
  });
});

describe('[KYC-1] a decision', () => {
  it('is one operator’s proposal, and another’s confirmation of the very same', async () => {
    const { who, submission } = await tenants.submitted();
    const approve = { decision: 'approve', submission };
    const confirm = (as: typeof operator, body: object = approve) =>
      tenants.asOperator(operations.confirmVerification, who.tenant, body, as);
    expect((await confirm(secondOperator)).json.code).toBe('not_under_review');
    const proposed = await tenants.asOperator(operations.proposeVerification, who.tenant, approve);
    expect(proposed.json).toMatchObject({ verification: 'pending', proposal: { proposed_by: operator.actor_id } });
    expect((await confirm(operator)).json.code).toBe('second_operator_needed');
    expect((await confirm(secondOperator, { decision: 'reject', submission })).json.code).toBe('not_under_review');
    expect((await confirm(secondOperator, { ...approve, submission: 'v1.other' })).json.code).toBe(
      'submission_changed',
    );
    const done = await confirm(secondOperator);
    expect(done.json).toMatchObject({
      verification: 'verified',
      capabilities: { charges: true, refunds: true },
      proposal: { proposed_by: operator.actor_id, confirmed_by: secondOperator.actor_id },
    });
    expect((await confirm(secondOperator)).statusCode).toBe(200);
    const stored = await load(runtime.platform, tenantRow, { id: who.tenant });
    expect(stored?.fact).toMatchObject({ type: 'tenant.verified', actor: { id: secondOperator.actor_id } });
    expect(await copyOf(who.tenant, 15)).toMatchObject({ charges: true, refunds: true });
  });

  it('names its submission: of one that was replaced it decides nothing', async () => {
    const { who, submission } = await tenants.submitted();
    const reject = { decision: 'reject', reason: 'other', submission };
    await tenants.asOperator(operations.proposeVerification, who.tenant, reject);
    const { reason: _, ...confirmation } = reject;
    await tenants.asOperator(operations.confirmVerification, who.tenant, confirmation, secondOperator);
    await tenants.asMerchant(operations.updateBusiness, who, { ...profile, legal_name: 'Somebody else' });
    const next = (await tenants.asMerchant(operations.submitBusiness, who, {})).json.submission;
    expect(next).not.toBe(submission);
    const late = await tenants.asOperator(operations.proposeVerification, who.tenant, {
      decision: 'approve',
      submission,
    });
    expect(late.json.code).toBe('submission_changed');
  });

  it('to reject has a reason, and to approve has none', async () => {
    const { who, submission } = await tenants.submitted();
    for (const body of [
      { decision: 'reject', submission },
      { decision: 'approve', reason: 'other', submission },
    ]) {
      expect((await tenants.asOperator(operations.proposeVerification, who.tenant, body)).json.code).toBe(
        'request_invalid',
      );
    }
  });
});

describe('[KYC-1] a live key', () => {
  it('is made only for a verified tenant that is not suspended or closed', async () => {
    const { who } = await tenants.submitted();
    const make = (tenant: string) => tenants.asOperator(operations.createTenantKey, tenant, liveKey);
    expect((await make(who.tenant)).json.code).toBe('charges_disabled');
    const verified = await tenants.verified();
    const made = await make(verified.tenant);
    expect([made.statusCode, made.json.mode]).toEqual([201, 'live']);
    expect(made.json.secret).toMatch(/^sk_live_us_/);
    await tenants.asOperator(operations.suspendTenant, verified.tenant, { reason: 'fraud' });
    expect((await make(verified.tenant)).json.code).toBe('charges_disabled');
    await tenants.asOperator(operations.resumeTenant, verified.tenant, {});
    expect((await make(verified.tenant)).statusCode).toBe(201);
    await tenants.asOperator(operations.closeTenant, verified.tenant, {});
    expect((await make(verified.tenant)).json.code).toBe('charges_disabled');
  });

  it('makes and rotates live keys alone, as a test key does test keys, while its tenant may charge', async () => {
    const who = await tenants.verified();
    const first = (await tenants.asOperator(operations.createTenantKey, who.tenant, liveKey)).json;
    const live = { ...who, mode: 'live', actor_id: first.id };
    const body = { name: 'More', scopes: ['payments:write'] };
    expect((await tenants.asMerchant(operations.createKey, live, body)).json.mode).toBe('live');
    expect((await tenants.asMerchant(operations.createKey, who, body)).json.mode).toBe('test');
    const crossed = [
      await tenants.asMerchant(operations.createKey, live, { ...body, mode: 'test' }),
      await tenants.asMerchant(operations.createKey, who, { ...body, mode: 'live' }),
    ];
    expect(crossed.map(({ json }) => json.code)).toEqual(['key_of_other_mode', 'key_of_other_mode']);
    const rotate = (key: string) =>
      tenants.ask(operations.rotateKey, { params: { key_id: first.id }, key, authorizer: live, body: {} });
    expect((await rotate('rotate-1')).json).toMatchObject({ mode: 'live', rotated_from: first.id });
    await tenants.asOperator(operations.suspendTenant, who.tenant, { reason: 'other' });
    expect((await tenants.asMerchant(operations.createKey, live, body)).json.code).toBe('charges_disabled');
    expect((await rotate('rotate-1')).json).toMatchObject({ mode: 'live', secret: null });
    expect((await tenants.asMerchant(operations.createKey, who, body)).statusCode).toBe(201);
  });
});

describe('[KYC-1] a suspension', () => {
  it('stops charges from any state, keeps refunds unless it says otherwise, and ends with a resumption', async () => {
    const who = await tenants.verified();
    const capabilities = async (
      operation: typeof operations.suspendTenant | typeof operations.resumeTenant,
      body: object,
    ) => (await tenants.asOperator(operation, who.tenant, body)).json.capabilities;
    expect(await capabilities(operations.suspendTenant, { reason: 'fraud' })).toEqual({
      charges: false,
      refunds: true,
    });
    expect(await copyOf(who.tenant, 0)).toMatchObject({ charges: false, refunds: true });
    const stop = { reason: 'fraud', refunds: 'stop' };
    expect(await capabilities(operations.suspendTenant, stop)).toEqual({ charges: false, refunds: false });
    expect(await copyOf(who.tenant, 7)).toMatchObject({ charges: false, refunds: false });
    expect(await capabilities(operations.suspendTenant, stop)).toEqual({ charges: false, refunds: false });
    expect(await capabilities(operations.resumeTenant, {})).toEqual({ charges: true, refunds: true });
    expect(await copyOf(who.tenant, 7)).toMatchObject({ charges: true, refunds: true });
  });

  it('of a tenant under review outlasts its verification', async () => {
    const { who, submission } = await tenants.submitted();
    await tenants.asOperator(operations.suspendTenant, who.tenant, { reason: 'legal' });
    const approve = { decision: 'approve', submission };
    await tenants.asOperator(operations.proposeVerification, who.tenant, approve);
    const done = await tenants.asOperator(operations.confirmVerification, who.tenant, approve, secondOperator);
    expect(done.json.capabilities).toEqual({ charges: false, refunds: true });
  });

  it('that a crash left half done allows less than the tenant says, until it is repeated', async () => {
    const who = await tenants.verified();
    const copy = await load(runtime.platform, capabilityRow, { id: capabilityId(who.tenant, 3) });
    if (copy === undefined) throw new Error('there is no copy');
    const audit = systemContext('reconciler', { tenant: who.tenant, mode: 'test' }, 'crash');
    const next = { ...copy.value, charges: false };
    await commitChange(runtime.platform, capabilityRow, copy, { next, fact: null }, audit);
    await tenants.asOperator(operations.resumeTenant, who.tenant, {});
    expect(await copyOf(who.tenant, 3)).toMatchObject({ charges: true, refunds: true });
  });
});

describe('[KYC-1] a closure', () => {
  it('is for good: nothing resumes, suspends, changes or verifies the tenant', async () => {
    const { who, submission } = await tenants.submitted();
    const closed = await tenants.asOperator(operations.closeTenant, who.tenant, {});
    expect(closed.json.closed_at).not.toBeNull();
    const codes = [
      await tenants.asOperator(operations.resumeTenant, who.tenant, {}),
      await tenants.asOperator(operations.suspendTenant, who.tenant, { reason: 'other' }),
      await tenants.asOperator(operations.proposeVerification, who.tenant, { decision: 'approve', submission }),
      await tenants.asMerchant(operations.updateBusiness, who, profile),
    ].map(({ json }) => json.code);
    expect(codes).toEqual(Array(4).fill('tenant_closed'));
    expect((await tenants.asOperator(operations.closeTenant, who.tenant, {})).json.closed_at).toBe(
      closed.json.closed_at,
    );
  });

  it('keeps refunds', async () => {
    const who = await tenants.verified();
    const closed = await tenants.asOperator(operations.closeTenant, who.tenant, {});
    expect(closed.json.capabilities).toEqual({ charges: false, refunds: true });
  });
});

describe('[KYC-1] the list of tenants', () => {
  it('is filtered by verification, suspension and time, and shown to operators alone', async () => {
    const who = await tenants.verified();
    const list = async (query: Record<string, string>, authorizer: object = operator) =>
      (await tenants.ask(operations.listTenants, { query, authorizer: { ...authorizer } })).json;
    const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    expect(idsOf(await list({ verification: 'verified', limit: '100' }))).toContain(who.tenant);
    expect(idsOf(await list({ verification: 'unverified', limit: '100' }))).not.toContain(who.tenant);
    expect(idsOf(await list({ suspended: 'true', limit: '100' }))).not.toContain(who.tenant);
    await tenants.asOperator(operations.suspendTenant, who.tenant, { reason: 'other' });
    expect(idsOf(await list({ suspended: 'true', limit: '100' }))).toContain(who.tenant);
    expect(idsOf(await list({ 'created[lt]': '2020-01-01T00:00:00Z' }))).toEqual([]);
    expect(idsOf(await list({ 'created[gte]': '2100-01-01T00:00:00Z' }))).toEqual([]);
    expect((await list({}, who)).code).toBe('actor_not_allowed');
    const first = await list({ limit: '1' });
    const second = await list({ limit: '1', cursor: first.next_cursor });
    expect(idsOf(second)).not.toEqual(idsOf(first));
    expect((await list({ limit: '1', suspended: 'true', cursor: first.next_cursor })).code).toBe('cursor_invalid');
  });
});
