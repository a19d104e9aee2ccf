import { List } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { BareCustomer, CreateCustomer, Customer, CustomerQuery, UpdateCustomer } from './customer.ts';

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
