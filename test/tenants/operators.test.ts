// Operators: the way back for a tenant without keys, and the end of an operator.

import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOperator, type Deployment, revokeOperator } from '../../cli/operator/operator.ts';
import type { Operation } from '../../contract/capabilities.ts';
import { createTenantKey, revokeKey } from '../../contract/tenants/operations.ts';
import { routes } from '../../lambdas/functions/tenants.ts';
import { serve } from '../../lambdas/kernel/http/serve.ts';
import { portsOf } from '../../lambdas/kernel/operation/ports.ts';
import { load } from '../../lambdas/kernel/store/load.ts';
import { authorizer } from '../../lambdas/tenants/authorizer.ts';
import { operatorRow } from '../../lambdas/tenants/store.ts';
import { caller, operator, type Reply, realMerchant, type Sent } from '../kit/requests.ts';
import { openRuntime } from '../kit/runtime/engines.ts';
import type { RuntimeFixture } from '../kit/runtime/runtime_fixture.ts';

/** Always on real engines: the deployer makes operators over AWS's wire, which the runtime in memory has not. */
let runtime: RuntimeFixture;
let tenants: (operation: Operation, sent: Sent) => Promise<Reply>;

beforeAll(async () => {
  runtime = await openRuntime();
  tenants = caller(serve(portsOf(runtime.platform), routes));
});
afterAll(() => runtime.stop());

const authorize = (key: string) =>
  authorizer(runtime.platform)({
    headers: { Authorization: `Bearer ${key}` },
    methodArn: 'arn',
    httpMethod: 'GET',
    resource: '/v1/payments',
    requestContext: { requestId: 'r', identity: { sourceIp: '203.0.113.9' } },
  } as unknown as APIGatewayRequestAuthorizerEvent);

describe('[API-1] a tenant that revoked its last key', () => {
  it('gets a new one from an operator, once for each request', async () => {
    const last = await realMerchant(tenants);
    await tenants(revokeKey, { params: { key_id: last.actor_id }, authorizer: last });
    const sent = { key: 'again', params: { tenant_id: last.tenant }, authorizer: operator };
    const body = { name: 'New key', scopes: ['keys:write'] };
    const made = await tenants(createTenantKey, { ...sent, body });
    expect(made.statusCode).toBe(201);
    const { context } = await authorize(made.json.secret);
    expect(context).toMatchObject({ verdict: 'ok', tenant: last.tenant, scopes: 'keys:write', actor_kind: 'key' });
    expect((await tenants(createTenantKey, { ...sent, body })).json).toEqual({ ...made.json, secret: null });
    const other = { ...sent, key: 'none', params: { tenant_id: `ten_us_${'a'.repeat(26)}` } };
    expect((await tenants(createTenantKey, { ...other, body })).json.code).toBe('tenant_not_found');
    expect((await tenants(createTenantKey, { ...sent, body, authorizer: last })).json.code).toBe('actor_not_allowed');
  });
});

describe('[API-1] an operator', () => {
  it('is made and revoked by the deployer, and its next request is refused', async () => {
    const { config } = runtime.platform.dynamodb;
    const endpoint = await config.endpoint?.();
    const deployment: Deployment = {
      stage: 'test',
      zone: 'us',
      region: 'us-east-1',
      tableName: 'tenants',
      pepperSecret: runtime.platform.config.secret('peppers'),
      endpoint: `http://${endpoint?.hostname}:${endpoint?.port}`,
      credentials: await config.credentials(),
    };
    const { id, key } = await createOperator({ ...deployment, name: 'Somebody' });
    expect((await authorize(key)).context).toMatchObject({ verdict: 'ok', actor_kind: 'operator', actor_id: id });
    expect(await revokeOperator(deployment, id)).toBe(true);
    expect((await authorize(key)).context).toMatchObject({ verdict: 'key_revoked' });
    expect(await revokeOperator(deployment, id)).toBe(false);
    const stored = await load(runtime.platform, operatorRow, { id });
    expect(stored).toMatchObject({ sequence: 2, fact: { type: 'operator.revoked', actor: { id: 'deployer' } } });
    await expect(revokeOperator(deployment, 'opr_us_nobody')).rejects.toThrow('there is no operator');
  });
});
