import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Void } from './modification.ts';

export const getVoid = {
  id: 'voids/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/voids/{void_id}',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Void,
  slo: 'read',
  refuses: ['payment_not_found', 'void_not_found'],
} as const satisfies Operation;

export const listVoids = {
  id: 'voids/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/voids',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Void),
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;
