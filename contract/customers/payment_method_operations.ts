import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { BarePaymentMethod, SavedPaymentMethod, SavePaymentMethod } from './payment_method.ts';

export const savePaymentMethod = {
  id: 'payment_methods/create',
  method: 'POST',
  path: '/v1/customers/{customer_id}/payment_methods',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:write'],
  body: SavePaymentMethod,
  reply: SavedPaymentMethod,
  creates: 'payment_method',
  slo: 'write',
  refuses: ['customer_not_found', 'customer_deleted', 'too_many_payment_methods'],
} as const satisfies Operation;

export const listPaymentMethods = {
  id: 'payment_methods/list',
  method: 'GET',
  path: '/v1/customers/{customer_id}/payment_methods',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(SavedPaymentMethod),
  slo: 'read',
  refuses: ['customer_not_found', 'customer_deleted', 'cursor_invalid'],
} as const satisfies Operation;

export const getPaymentMethod = {
  id: 'payment_methods/get',
  method: 'GET',
  path: '/v1/customers/{customer_id}/payment_methods/{payment_method_id}',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:read'],
  reply: SavedPaymentMethod,
  slo: 'read',
  refuses: ['customer_not_found', 'customer_deleted', 'payment_method_not_found'],
} as const satisfies Operation;

export const removePaymentMethod = {
  id: 'payment_methods/delete',
  method: 'DELETE',
  path: '/v1/customers/{customer_id}/payment_methods/{payment_method_id}',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:write'],
  reply: BarePaymentMethod,
  slo: 'write',
  refuses: ['customer_not_found', 'customer_deleted', 'payment_method_not_found'],
} as const satisfies Operation;
