// Operations on tenants and their API keys: one row each.

import { List } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { CreatedKey, CreateKey, Key, ListKeysQuery, RevokedKey, RevokeKeyQuery, RotateKey } from './key.ts';
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
  function: 'tenants_read',
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

export const createKey = {
  id: 'keys/create',
  method: 'POST',
  path: '/v1/keys',
  function: 'tenants',
  actors: ['key'],
  scopes: ['keys:write'],
  body: CreateKey,
  reply: CreatedKey,
  creates: 'key',
  slo: 'write',
  refuses: ['scope_not_held', 'key_makes_no_more'],
} as const satisfies Operation;

export const listKeys = {
  id: 'keys/list',
  method: 'GET',
  path: '/v1/keys',
  function: 'tenants_read',
  actors: ['key'],
  scopes: ['keys:read'],
  query: ListKeysQuery,
  reply: /* @__PURE__ */ List(Key),
  slo: 'read',
  refuses: ['cursor_invalid', 'key_not_found'],
} as const satisfies Operation;

export const rotateKey = {
  id: 'keys/rotate',
  method: 'POST',
  path: '/v1/keys/{key_id}/rotate',
  function: 'tenants',
  actors: ['key'],
  scopes: ['keys:write'],
  body: RotateKey,
  reply: CreatedKey,
  creates: 'key',
  slo: 'write',
  refuses: ['key_not_found', 'key_not_active', 'scope_not_held', 'key_makes_no_more'],
} as const satisfies Operation;

export const revokeKey = {
  id: 'keys/revoke',
  method: 'DELETE',
  path: '/v1/keys/{key_id}',
  function: 'tenants',
  actors: ['key'],
  scopes: ['keys:write'],
  query: RevokeKeyQuery,
  reply: RevokedKey,
  slo: 'write',
  refuses: ['key_not_found'],
} as const satisfies Operation;
