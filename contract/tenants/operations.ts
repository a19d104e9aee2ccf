// Operations on tenants and their API keys: one row each.

import { List } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import {
  Business,
  ConfirmVerification,
  ProposeVerification,
  ReviewedBusiness,
  SubmitBusiness,
  UpdateBusiness,
} from './business.ts';
import { CreatedKey, CreateKey, Key, ListKeysQuery, RevokedKey, RevokeKeyQuery, RotateKey } from './key.ts';
import {
  CloseTenant,
  CreatedTenant,
  CreateTenant,
  ListedTenant,
  ListTenantsQuery,
  ResumeTenant,
  SuspendTenant,
  Tenant,
  UpdateTenant,
} from './tenant.ts';

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
  refuses: ['tenant_not_found', 'charges_disabled'],
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
  refuses: ['scope_not_held', 'key_makes_no_more', 'key_of_other_mode', 'charges_disabled'],
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
  refuses: ['key_not_found', 'key_not_active', 'scope_not_held', 'key_makes_no_more', 'charges_disabled'],
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

export const listTenants = {
  id: 'tenants/list',
  method: 'GET',
  path: '/v1/tenants',
  function: 'tenants_read',
  actors: ['operator'],
  scopes: [],
  query: ListTenantsQuery,
  reply: /* @__PURE__ */ List(ListedTenant),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const suspendTenant = {
  id: 'tenants/suspend',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/suspend',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  body: SuspendTenant,
  reply: Tenant,
  slo: 'write',
  refuses: ['tenant_not_found', 'tenant_closed'],
} as const satisfies Operation;

export const resumeTenant = {
  id: 'tenants/resume',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/resume',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  body: ResumeTenant,
  reply: Tenant,
  slo: 'write',
  refuses: ['tenant_not_found', 'tenant_closed'],
} as const satisfies Operation;

export const closeTenant = {
  id: 'tenants/close',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/close',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  body: CloseTenant,
  reply: Tenant,
  slo: 'write',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;

export const getTenantBusiness = {
  id: 'tenants/get_business',
  method: 'GET',
  path: '/v1/tenants/{tenant_id}/business',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  reply: ReviewedBusiness,
  slo: 'read',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;

export const proposeVerification = {
  id: 'tenants/propose_verification',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/verification',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  body: ProposeVerification,
  reply: ReviewedBusiness,
  slo: 'write',
  refuses: ['tenant_not_found', 'tenant_closed', 'not_under_review', 'submission_changed'],
} as const satisfies Operation;

export const confirmVerification = {
  id: 'tenants/confirm_verification',
  method: 'POST',
  path: '/v1/tenants/{tenant_id}/verification/confirm',
  function: 'business',
  actors: ['operator'],
  scopes: [],
  body: ConfirmVerification,
  reply: ReviewedBusiness,
  slo: 'write',
  refuses: ['tenant_not_found', 'tenant_closed', 'not_under_review', 'submission_changed', 'second_operator_needed'],
} as const satisfies Operation;

export const getBusiness = {
  id: 'business/get',
  method: 'GET',
  path: '/v1/business',
  function: 'business',
  actors: ['key'],
  scopes: ['business:read'],
  reply: Business,
  slo: 'read',
  refuses: ['tenant_not_found'],
} as const satisfies Operation;

export const updateBusiness = {
  id: 'business/update',
  method: 'PUT',
  path: '/v1/business',
  function: 'business',
  actors: ['key'],
  scopes: ['business:write'],
  body: UpdateBusiness,
  reply: Business,
  slo: 'write',
  refuses: ['tenant_not_found', 'business_locked', 'tenant_closed'],
} as const satisfies Operation;

export const submitBusiness = {
  id: 'business/submit',
  method: 'POST',
  path: '/v1/business/submit',
  function: 'business',
  actors: ['key'],
  scopes: ['business:write'],
  body: SubmitBusiness,
  reply: Business,
  slo: 'write',
  refuses: ['tenant_not_found', 'business_locked', 'requirements_due', 'tenant_closed'],
} as const satisfies Operation;
