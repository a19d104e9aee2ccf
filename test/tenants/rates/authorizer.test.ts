// Under whose limit the authorizer counts each kind of caller. What a client says of itself, beside its credential, changes
// nothing.

import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../../contract/capabilities.ts';
import { newTenantMs, rateClassOf, usageKey } from '../../../contract/kernel/rates.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import { markStage, mintCredential } from '../../../lambdas/kernel/crypto/credential.ts';
import { platformSecret } from '../../../lambdas/kernel/crypto/platform_secrets.ts';
import { timestamp } from '../../../lambdas/kernel/platform/clock.ts';
import { derivedId } from '../../../lambdas/kernel/platform/ids.ts';
import { commit, commitChange } from '../../../lambdas/kernel/store/commit.ts';
import { load } from '../../../lambdas/kernel/store/load.ts';
import { type AuthorizerHandler, authorizer } from '../../../lambdas/tenants/authorizer.ts';
import { revokeKey as decideRevocation } from '../../../lambdas/tenants/domain/key.ts';
import { createTenant as decideTenant } from '../../../lambdas/tenants/domain/tenant.ts';
import { keyRow, tenantRow } from '../../../lambdas/tenants/store.ts';
import { openRuntime } from '../../kit/runtime/open.ts';
import type { RuntimeFixture } from '../../kit/runtime/runtime_fixture.ts';
import { deployer, type Issued, issuedKey, issuedOperator, stage } from '../issued_credentials.ts';

const place = { stage, zone: 'us' } as const;
let runtime: RuntimeFixture;
let ask: AuthorizerHandler;

beforeAll(async () => {
  runtime = await openRuntime();
  ask = authorizer(runtime.platform);
});
afterAll(() => runtime.stop());

let made = 0;

/** A tenant with its first key. */
async function newTenant(mode: Mode): Promise<Issued & { readonly tenant: string }> {
  const { platform } = runtime;
  made += 1;
  const id = derivedId('tenant', 'us', ['tenant', made]);
  const tenant = decideTenant(
    { id, bodyDigest: 'digest' },
    { name: 'A tenant', zone: 'us' },
    new Uint8Array(),
    timestamp(platform.clock()),
  );
  const issued = await issuedKey(platform, { tenant: id, mode });
  const committed = await commit(
    platform,
    [
      { type: keyRow, before: null, next: issued.key },
      { type: tenantRow, before: null, next: tenant.next },
    ],
    null,
    deployer,
  );
  expect(committed.kind).toBe('committed');
  return { ...issued, tenant: id };
}

async function furtherKey(tenant: string, mode: Mode, allowed: string[] | null = null): Promise<Issued> {
  const issued = await issuedKey(runtime.platform, { tenant, mode }, { allowed_addresses: allowed });
  expect((await commitChange(runtime.platform, keyRow, null, { next: issued.key, fact: null }, deployer)).kind).toBe(
    'committed',
  );
  return issued;
}

const payments = { httpMethod: 'POST', resource: '/v1/payments' };

const eventOf = (text: string, route: { httpMethod: string; resource: string }): APIGatewayRequestAuthorizerEvent =>
  ({
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/api/POST/v1/payments',
    ...route,
    path: '/v1/anything',
    headers: { Authorization: `Bearer ${text}`, 'X-Api-Key': 'of-the-client' },
    requestContext: { requestId: 'req-1', identity: { sourceIp: '203.0.113.9' } },
  }) as unknown as APIGatewayRequestAuthorizerEvent;

const named = async (text: string, route = payments): Promise<string | null | undefined> =>
  (await ask(eventOf(text, route))).usageIdentifierKey;

const refused = usageKey(place, 'refused', { mode: 'live', rateClass: 'admin' });
const money = (subject: string, mode: Mode): string => usageKey(place, subject, { mode, rateClass: 'money' });

describe('[API-2] requests are counted', () => {
  it.each(['test', 'live'] as const)('of a new tenant, in %s mode: with the new tenants', async (mode) => {
    const { text } = await newTenant(mode);
    expect(await named(text)).toBe(money('new-tenants', mode));
  });

  it('of a tenant whose own keys work by now: under its own name, mode and class', async () => {
    const { text, tenant } = await newTenant('live');
    runtime.advance(newTenantMs - 5_000);
    expect(await named(text)).toBe(money('new-tenants', 'live'));
    runtime.advance(5_000);
    expect(await named(text)).toBe(money(tenant, 'live'));
    for (const operation of operations) {
      const route = { httpMethod: operation.method, resource: operation.path };
      const rateClass = rateClassOf(operation);
      expect(await named(text, route)).toBe(usageKey(place, tenant, { mode: 'live', rateClass }));
    }
  });

  it('of an old tenant’s new key: under the tenant, not with the new tenants', async () => {
    const { tenant } = await newTenant('live');
    runtime.advance(newTenantMs);
    const { text } = await furtherKey(tenant, 'test');
    expect(await named(text)).toBe(money(tenant, 'test'));
  });

  it('of a route without a class: under the class with the least', async () => {
    const { text, tenant } = await newTenant('live');
    runtime.advance(newTenantMs);
    for (const resource of ['/v1/unheard-of', '', '__proto__', 'constructor'])
      expect(await named(text, { httpMethod: 'GET', resource })).toBe(
        usageKey(place, tenant, { mode: 'live', rateClass: 'admin' }),
      );
  });

  it('of operators: together', async () => {
    const { text } = await issuedOperator(runtime.platform, 'active');
    expect(await named(text)).toBe(usageKey(place, 'operators', { mode: 'live', rateClass: 'admin' }));
  });

  it('of keys that are refused: together, never under the tenant whose key it was', async () => {
    const { platform } = runtime;
    const { tenant } = await newTenant('live');
    runtime.advance(newTenantMs);
    const elsewhere = await furtherKey(tenant, 'live', ['198.51.100.0/24']);
    expect(await named(elsewhere.text)).toBe(refused);
    const { text, key } = await furtherKey(tenant, 'live');
    expect(await named(text)).toBe(money(tenant, 'live'));
    const before = await load(platform, keyRow, { id: key.id });
    const revoked = before && decideRevocation(before.value);
    if (before === undefined || !revoked) throw new Error('there is no key to revoke');
    await commitChange(platform, keyRow, before, { next: revoked.next, fact: null }, deployer);
    expect(await named(text)).toBe(refused);
  });

  it('of keys of another stage or zone: with the refused', async () => {
    const { platform } = runtime;
    const peppers = await platformSecret(platform, 'peppers')();
    const mint = (zone: 'us' | 'eu', of: string): string => {
      const id = markStage(derivedId('key', zone, ['elsewhere']), of);
      return mintCredential(id, 'test', zone, platform.random, peppers).text.reveal();
    };
    expect(await named(mint('us', 'another'))).toBe(refused);
    expect(await named(mint('eu', stage))).toBe(refused);
  });
});
