import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Capture } from './modification.ts';

export const getCapture = {
  id: 'captures/get',
  method: 'GET',
  path: '/v1/payments/{payment_id}/captures/{capture_id}',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  reply: Capture,
  slo: 'read',
  refuses: ['payment_not_found', 'capture_not_found'],
} as const satisfies Operation;

export const listCaptures = {
  id: 'captures/list',
  method: 'GET',
  path: '/v1/payments/{payment_id}/captures',
  function: 'read',
  actors: ['key', 'agent'],
  scopes: ['payments:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Capture),
  slo: 'read',
  refuses: ['payment_not_found', 'cursor_invalid'],
} as const satisfies Operation;
