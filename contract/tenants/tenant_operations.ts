import type { Operation } from '../kernel/operation.ts';
import { CreatedKey, CreateKey } from './key.ts';
import { CreatedTenant, CreateTenant, Tenant, UpdateTenant } from './tenant.ts';

export const createTenant = {
  id: 'tenants/create',
  method: 'POST',
  path: '/v1/tenants',
  function: 'tenants',
  actors: ['operator'],
  scopes: [],
  body: CreateTenant,
  reply: CreatedTenant,
  creates: 'tenant',
  slo: 'write',
  refuses: ['wrong_zone'],
} as const satisfies Operation;

export const getTenant = {
  id: 'tenants/get',
  method: 'GET',
  path: '/v1/tenants/{tenant_id}',
  function: 'read',
  actors: ['operator'],
  scopes: [],
  reply: Tenant,
  slo: 'read',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;

export const updateTenant = {
  id: 'tenants/update',
  method: 'PATCH',
  path: '/v1/tenants/{tenant_id}',
  function: 'tenants',
  actors: ['operator'],
  scopes: [],
  body: UpdateTenant,
  reply: Tenant,
  slo: 'write',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;

export const createTenantKey = {
  id: 'tenants/create_key',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/keys',
  function: 'tenants',
  actors: ['operator'],
  scopes: [],
  body: CreateKey,
  reply: CreatedKey,
  creates: 'key',
  slo: 'write',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;
