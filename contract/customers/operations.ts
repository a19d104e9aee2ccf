// Operations on customers and their saved payment methods: one row each.

import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { BareCustomer, CreateCustomer, Customer, CustomerQuery, UpdateCustomer } from './customer.ts';
import { BarePaymentMethod, SavedPaymentMethod, SavePaymentMethod } from './payment_method.ts';

export const createCustomer = {
  id: 'customers/create',
  method: 'POST',
  path: '/v1/customers',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:write'],
  body: CreateCustomer,
  reply: Customer,
  creates: 'customer',
  slo: 'write',
  refuses: ['customer_deleted'],
} as const satisfies Operation;

export const listCustomers = {
  id: 'customers/list',
  method: 'GET',
  path: '/v1/customers',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:read'],
  query: CustomerQuery,
  reply: /* @__PURE__ */ List(Customer),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const getCustomer = {
  id: 'customers/get',
  method: 'GET',
  path: '/v1/customers/{customer_id}',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:read'],
  reply: Customer,
  slo: 'read',
  refuses: ['customer_not_found', 'customer_deleted'],
} as const satisfies Operation;

export const updateCustomer = {
  id: 'customers/update',
  method: 'PATCH',
  path: '/v1/customers/{customer_id}',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:write'],
  body: UpdateCustomer,
  reply: Customer,
  slo: 'write',
  refuses: ['customer_not_found', 'customer_deleted'],
} as const satisfies Operation;

export const deleteCustomer = {
  id: 'customers/delete',
  method: 'DELETE',
  path: '/v1/customers/{customer_id}',
  function: 'customers',
  actors: ['key'],
  scopes: ['customers:write'],
  reply: BareCustomer,
  slo: 'write',
  refuses: ['customer_not_found'],
} as const satisfies Operation;

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
  refuses: [
    'payment_not_found',
    'payment_keeps_no_method',
    'customer_not_found',
    'customer_deleted',
    'too_many_payment_methods',
  ],
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
