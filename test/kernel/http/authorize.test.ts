// Who passes the pipeline's door: what the authorizer told is read strictly, absence is never trust, and whoever was
// recognised is known even where it is refused.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/capabilities.ts';
import { scopes } from '../../../contract/kernel/vocabulary.ts';
import { getPayment } from '../../../contract/payments/operations.ts';
import { createTenant } from '../../../contract/tenants/operations.ts';
import { keyring } from '../../../lambdas/kernel/crypto/keyring.ts';
import { Defect, Refusal } from '../../../lambdas/kernel/domain/refusal.ts';
import { owns } from '../../../lambdas/kernel/domain/tenant_scope.ts';
import { authorize } from '../../../lambdas/kernel/http/authorize.ts';
import type { Exchange, Internal } from '../../../lambdas/kernel/http/exchange.ts';
import type { Identity } from '../../../lambdas/kernel/operation/call.ts';
import { addressContext, auditContextOf, tenantScopeOf } from '../../../lambdas/kernel/operation/scope.ts';
import { readConfig } from '../../../lambdas/kernel/platform/config.ts';
import { dataKeys } from '../../../lambdas/kernel/store/data_keys.ts';
import { answeredClients } from '../../kit/aws/answered.ts';
import { environment } from '../../kit/aws/environment.ts';
import { memoryAws } from '../../kit/aws/memory.ts';
import { eventOf, merchant, operator } from '../../kit/requests.ts';

const config = readConfig(environment('test', 'http://127.0.0.1:1'));

/** What becomes of a caller at the door. */
function atTheDoor(operation: Operation, authorizer: Record<string, unknown> | null) {
  const internal: Internal = {};
  try {
    authorize(operation, config).before?.({
      event: eventOf(operation, { authorizer }),
      internal,
    } as unknown as Exchange);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.code, details: error.details, identity: internal.identity };
  }
  return { refused: null, details: {}, identity: internal.identity };
}

const merchantIdentity = {
  actor: { kind: 'key', id: merchant.actor_id },
  onBehalfOf: null,
  tenant: merchant.tenant,
  mode: 'test',
  scopes,
};

describe('[API-1] the door', () => {
  it('lets a key with its scopes pass, and an operator where operators may, without any', () => {
    expect(atTheDoor(getPayment, merchant)).toEqual({ refused: null, details: {}, identity: merchantIdentity });
    expect(atTheDoor(createTenant, operator)).toEqual({
      refused: null,
      details: {},
      identity: {
        actor: { kind: 'operator', id: operator.actor_id },
        onBehalfOf: null,
        tenant: null,
        mode: null,
        scopes: [],
      },
    });
    const scoped = { ...createTenant, scopes: ['payments:read'] } as const;
    expect(atTheDoor(scoped, operator).refused).toBeNull();
  });

  it('knows whom it refuses, where its credential was verified', () => {
    for (const verdict of ['key_revoked', 'key_expired', 'address_not_allowed']) {
      expect(atTheDoor(getPayment, { ...merchant, verdict, zone: 'eu' })).toEqual({
        refused: verdict,
        details: { baseUrl: undefined },
        identity: merchantIdentity,
      });
    }
    expect(atTheDoor(createTenant, merchant)).toMatchObject({
      refused: 'actor_not_allowed',
      identity: merchantIdentity,
    });
  });

  it('knows nobody by a credential that was not verified', () => {
    const elsewhere = atTheDoor(getPayment, { ...merchant, verdict: 'wrong_environment', zone: 'eu' });
    expect(elsewhere).toEqual({ refused: 'wrong_environment', details: { baseUrl: undefined }, identity: undefined });
    const abroad = atTheDoor(getPayment, { ...merchant, verdict: 'wrong_zone', zone: 'eu' });
    expect(abroad.details).toEqual({ baseUrl: 'https://api.eu.example.com/v1' });
    expect(abroad.identity).toBeUndefined();
    for (const zone of ['mars', '', '__proto__', 'toString'])
      expect(atTheDoor(getPayment, { ...merchant, verdict: 'wrong_zone', zone }).details).toEqual({});
  });

  it('asks for every scope of an operation, and tells which', () => {
    const both = { ...getPayment, scopes: ['payments:read', 'payments:write'] } as const;
    for (const held of [
      'payments:read',
      'payments:write',
      '',
      'payments:readpayments:write',
      'payments:read,payments:write',
    ])
      expect(atTheDoor(both, { ...merchant, scopes: held })).toMatchObject({
        refused: 'scope_missing',
        details: { requiredScopes: both.scopes },
      });
    const { refused, identity } = atTheDoor(both, { ...merchant, scopes: 'root payments:write payments:read' });
    expect(refused).toBeNull();
    expect(identity?.scopes).toEqual(['payments:write', 'payments:read']);
  });

  it.each(Object.keys(merchant))('does not open where the authorizer told no %s', (field) => {
    for (const value of [undefined, null, 7, true])
      expect(atTheDoor(getPayment, { ...merchant, [field]: value }).refused).toBe('credentials_invalid');
  });

  it('does not open to what nobody is', () => {
    expect(atTheDoor(getPayment, { ...merchant, mode: 'demo' }).refused).toBe('credentials_invalid');
    expect(atTheDoor(getPayment, { ...merchant, verdict: '' }).refused).toBe('credentials_invalid');
    expect(atTheDoor(getPayment, { ...merchant, actor_id: '' }).refused).toBe('credentials_invalid');
  });
});

describe('[API-1] a caller', () => {
  const identity = merchantIdentity as unknown as Identity;
  const scope = { tenant: 'ten_1', mode: 'test' } as const;

  it('of a tenant’s operation has a tenant and a mode', () => {
    expect(tenantScopeOf(identity)).toEqual({ tenant: merchant.tenant, mode: 'test' });
    for (const nobody of [
      { ...identity, tenant: null },
      { ...identity, mode: null },
      { ...identity, tenant: null, mode: null },
    ]) {
      expect(() => tenantScopeOf(nobody)).toThrow(Defect);
      expect(() => tenantScopeOf(nobody)).toThrow(
        'an operation of a tenant was called by somebody who belongs to none',
      );
    }
  });

  it('owns what is of its tenant and mode, and nothing that is not there', () => {
    expect(owns(scope, { tenant: 'ten_1', mode: 'test' })).toBe(true);
    expect(owns(scope, { tenant: 'ten_2', mode: 'test' })).toBe(false);
    expect(owns(scope, { tenant: 'ten_1', mode: 'live' })).toBe(false);
    expect(owns(scope, undefined)).toBe(false);
  });

  it('acts as itself, and its address is sealed for its tenant and request', async () => {
    const aws = memoryAws({ now: Date.now, random: (bytes) => randomBytes(bytes) });
    const clients = answeredClients(async (asked) => aws.answer(asked));
    const platform = { ...clients, config, clock: Date.now, sleep: async () => {} };
    const keys = keyring(platform, 'tenant', dataKeys(platform));
    const call = { identity, requestId: 'req-1', sourceAddress: '203.0.113.9' };
    const { address, ...recorded } = await auditContextOf(call, scope, keys);
    expect(recorded).toEqual({ ...scope, actor: identity.actor, onBehalfOf: null, requestId: 'req-1' });
    const context = { ...scope, purpose: 'address', table: 'audit', item: 'req-1', field: 'address' };
    expect(addressContext('ten_1', 'test', 'req-1')).toEqual(context);
    expect(address && (await keys.open(address, context))).toBe('203.0.113.9');
  });
});
