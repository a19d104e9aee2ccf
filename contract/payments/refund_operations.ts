import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Refund } from './modification.ts';

export const getRefund = {
  id: 'refunds/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/refunds/{refund_id}',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Refund,
  slo: 'read',
  refuses: ['payment_not_found', 'refund_not_found'],
} as const satisfies Operation;

export const listRefunds = {
  id: 'refunds/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/refunds',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Refund),
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;
