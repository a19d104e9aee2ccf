import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Delivery, RetryDelivery, SkipDelivery } from './delivery.ts';

export const listDeliveries = {
  id: 'deliveries/list',
  method: 'GET',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries',
  function: 'read',
  actors: ['key'],
  scopes: ['webhooks:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(Delivery),
  slo: 'read',
  refuses: ['webhook_endpoint_not_found', 'cursor_invalid'],
} as const satisfies Operation;

export const getDelivery = {
  id: 'deliveries/get',
  method: 'GET',
  path: '/v1/deliveries/{delivery_id}',
  function: 'read',
  actors: ['key'],
  scopes: ['webhooks:read'],
  reply: Delivery,
  slo: 'read',
  refuses: ['delivery_not_found'],
} as const satisfies Operation;

export const retryDelivery = {
  id: 'deliveries/retry',
  method: 'POST',
  path: '/v1/deliveries/{delivery_id}/retry',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: RetryDelivery,
  reply: Delivery,
  slo: 'write',
  refuses: ['delivery_not_found', 'delivery_blocked', 'endpoint_not_enabled'],
} as const satisfies Operation;

export const skipDelivery = {
  id: 'deliveries/skip',
  method: 'POST',
  path: '/v1/deliveries/{delivery_id}/skip',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: SkipDelivery,
  reply: Delivery,
  slo: 'write',
  refuses: ['delivery_not_found'],
} as const satisfies Operation;
