// Under whose limit the authorizer counts each kind of caller. What a client says of itself, beside its credential, changes
// nothing.

import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../contract/operations/table.ts';
import { newcomerMs, rateClassOf, usageKey } from '../../contract/rates.ts';
import type { Mode } from '../../contract/roles.ts';
import { scopes } from '../../contract/roles.ts';
import { markStage, mintCredential } from '../../lambdas/crypto/credential.ts';
import { platformSecret } from '../../lambdas/crypto/platform_secrets.ts';
import {
  createKey as decideKey,
  revokeKey as decideRevocation,
  type Key,
  unbounded,
} from '../../lambdas/domain/key.ts';
import type { Operator } from '../../lambdas/domain/tenant.ts';
import { createTenant as decideTenant } from '../../lambdas/domain/tenant.ts';
import { type AuthorizerHandler, authorizer } from '../../lambdas/http/authorizer.ts';
import { timestamp } from '../../lambdas/platform/clock.ts';
import { derivedId } from '../../lambdas/platform/ids.ts';
import { createKey, createOperator, createTenant, keyRow, load, revokeKey } from '../../lambdas/store/tenants.ts';
import { type House, openHouse } from '../house.ts';

const stage = 'test';
const place = { stage, zone: 'us' } as const;
let house: House;
let ask: AuthorizerHandler;

beforeAll(async () => {
  house = await openHouse();
  ask = authorizer(house.platform);
});
afterAll(() => house.stop());

const act = {
  tenant: 'platform',
  mode: 'live',
  actor: { kind: 'system', id: 'test' },
  onBehalfOf: null,
  requestId: 'req-1',
  address: null,
} as const;
let made = 0;

interface Issued {
  readonly key: Key;
  readonly text: string;
}

/** A key as `settings` would make it; written only by its caller. */
async function issue(tenant: string, mode: Mode, allowed: string[] | null = null): Promise<Issued> {
  const { platform } = house;
  made += 1;
  const id = markStage(derivedId('key', 'us', [tenant, made]), stage);
  const minted = mintCredential(id, mode, 'us', platform.random, await platformSecret(platform, 'peppers')());
  const origin = { id, tenant, mode, secretHmac: minted.stored, bodyDigest: 'digest' };
  const decided = decideKey(origin, { name: 'a key', scopes: [...scopes] }, unbounded, platform.clock());
  if ('refused' in decided) throw new Error(decided.refused);
  return { key: { ...decided.next, allowed_addresses: allowed }, text: minted.text.reveal() };
}

/** A tenant with its first key. */
async function newTenant(mode: Mode): Promise<Issued & { readonly tenant: string }> {
  const { platform } = house;
  made += 1;
  const id = derivedId('tenant', 'us', ['tenant', made]);
  const tenant = decideTenant(
    { id, bodyDigest: 'digest' },
    { name: 'A tenant', zone: 'us', metadata: {} },
    timestamp(platform.clock()),
  );
  const issued = await issue(id, mode);
  const committed = await createTenant(platform, tenant.next, issued.key, null, act);
  expect(committed.kind).toBe('committed');
  return { ...issued, tenant: id };
}

async function furtherKey(tenant: string, mode: Mode, allowed: string[] | null = null): Promise<Issued> {
  const issued = await issue(tenant, mode, allowed);
  expect((await createKey(house.platform, issued.key, null, act)).kind).toBe('committed');
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
const money = (holder: string, mode: Mode): string => usageKey(place, holder, { mode, rateClass: 'money' });

describe('[API-2] requests are counted', () => {
  it.each(['test', 'live'] as const)('of a new tenant, in %s mode: with the newcomers', async (mode) => {
    const { text } = await newTenant(mode);
    expect(await named(text)).toBe(money('newcomers', mode));
  });

  it('of a tenant whose own keys work by now: under its own name, mode and class', async () => {
    const { text, tenant } = await newTenant('live');
    house.advance(newcomerMs - 5_000);
    expect(await named(text)).toBe(money('newcomers', 'live'));
    house.advance(5_000);
    expect(await named(text)).toBe(money(tenant, 'live'));
    for (const operation of operations) {
      const route = { httpMethod: operation.method, resource: operation.path };
      const rateClass = rateClassOf(operation);
      expect(await named(text, route)).toBe(usageKey(place, tenant, { mode: 'live', rateClass }));
    }
  });

  it('of an old tenant’s new key: under the tenant, not with the newcomers', async () => {
    const { tenant } = await newTenant('live');
    house.advance(newcomerMs);
    const { text } = await furtherKey(tenant, 'test');
    expect(await named(text)).toBe(money(tenant, 'test'));
  });

  it('of a route without a class: under the class with the least', async () => {
    const { text, tenant } = await newTenant('live');
    house.advance(newcomerMs);
    for (const resource of ['/v1/unheard-of', '', '__proto__', 'constructor'])
      expect(await named(text, { httpMethod: 'GET', resource })).toBe(
        usageKey(place, tenant, { mode: 'live', rateClass: 'admin' }),
      );
  });

  it('of operators: together', async () => {
    const { platform } = house;
    const id = markStage(derivedId('operator', 'us', ['operator']), stage);
    const minted = mintCredential(id, null, 'us', platform.random, await platformSecret(platform, 'peppers')());
    const operator: Operator = {
      id,
      object: 'operator',
      name: 'an operator',
      status: 'active',
      expires_at: null,
      secret_hmac: minted.stored,
      created_at: timestamp(platform.clock()),
    };
    await createOperator(platform, operator, act);
    expect(await named(minted.text.reveal())).toBe(usageKey(place, 'operators', { mode: 'live', rateClass: 'admin' }));
  });

  it('of keys that are refused: together, never under the tenant whose key it was', async () => {
    const { platform } = house;
    const { tenant } = await newTenant('live');
    house.advance(newcomerMs);
    const elsewhere = await furtherKey(tenant, 'live', ['198.51.100.0/24']);
    expect(await named(elsewhere.text)).toBe(refused);
    const { text, key } = await furtherKey(tenant, 'live');
    expect(await named(text)).toBe(money(tenant, 'live'));
    const before = await load(platform, keyRow, key.id);
    const revoked = before && decideRevocation(before.value);
    if (before === undefined || !revoked) throw new Error('there is no key to revoke');
    await revokeKey(platform, before, revoked.next, null, act);
    expect(await named(text)).toBe(refused);
  });

  it('of keys of another stage or zone: with the refused', async () => {
    const { platform } = house;
    const peppers = await platformSecret(platform, 'peppers')();
    const mint = (zone: 'us' | 'eu', of: string): string => {
      const id = markStage(derivedId('key', zone, ['elsewhere']), of);
      return mintCredential(id, 'test', zone, platform.random, peppers).text.reveal();
    };
    expect(await named(mint('us', 'another'))).toBe(refused);
    expect(await named(mint('eu', stage))).toBe(refused);
  });
});
