// Operations on webhook endpoints and deliveries: one row each.

import { List, ListQuery } from '../kernel/list.ts';
import type { Operation } from '../kernel/operation.ts';
import { Delivery, Replay, ReplayEvents, RetryDelivery, SkipDelivery } from './delivery.ts';
import {
  CreatedWebhookEndpoint,
  CreatedWebhookSecret,
  CreateWebhookEndpoint,
  RotateWebhookSecret,
  TestWebhookEndpoint,
  UpdateWebhookEndpoint,
  VerifyWebhookEndpoint,
  WebhookEndpoint,
  WebhookTest,
} from './endpoint.ts';

export const createWebhookEndpoint = {
  id: 'webhook_endpoints/create',
  method: 'POST',
  path: '/v1/webhook_endpoints',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: CreateWebhookEndpoint,
  reply: CreatedWebhookEndpoint,
  creates: 'webhook_endpoint',
  slo: 'write',
  refuses: ['endpoint_url_not_allowed', 'too_many_endpoints', 'too_many_verifications'],
} as const satisfies Operation;

export const listWebhookEndpoints = {
  id: 'webhook_endpoints/list',
  method: 'GET',
  path: '/v1/webhook_endpoints',
  function: 'webhooks_read',
  actors: ['key'],
  scopes: ['webhooks:read'],
  query: ListQuery,
  reply: /* @__PURE__ */ List(WebhookEndpoint),
  slo: 'read',
  refuses: ['cursor_invalid'],
} as const satisfies Operation;

export const getWebhookEndpoint = {
  id: 'webhook_endpoints/get',
  method: 'GET',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}',
  function: 'webhooks_read',
  actors: ['key'],
  scopes: ['webhooks:read'],
  reply: WebhookEndpoint,
  slo: 'read',
  refuses: ['webhook_endpoint_not_found'],
} as const satisfies Operation;

export const updateWebhookEndpoint = {
  id: 'webhook_endpoints/update',
  method: 'PATCH',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: UpdateWebhookEndpoint,
  reply: WebhookEndpoint,
  slo: 'write',
  refuses: ['webhook_endpoint_not_found', 'endpoint_url_not_allowed', 'too_many_verifications'],
} as const satisfies Operation;

export const deleteWebhookEndpoint = {
  id: 'webhook_endpoints/delete',
  method: 'DELETE',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  reply: WebhookEndpoint,
  slo: 'write',
  refuses: ['webhook_endpoint_not_found'],
} as const satisfies Operation;

export const verifyWebhookEndpoint = {
  id: 'webhook_endpoints/verify',
  method: 'POST',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/verify',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: VerifyWebhookEndpoint,
  reply: WebhookEndpoint,
  slo: 'write',
  refuses: ['webhook_endpoint_not_found', 'endpoint_not_enabled', 'too_many_verifications'],
} as const satisfies Operation;

export const rotateWebhookSecret = {
  id: 'webhook_endpoints/rotate_secret',
  method: 'POST',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: RotateWebhookSecret,
  reply: CreatedWebhookSecret,
  creates: 'webhook_secret',
  slo: 'write',
  refuses: ['webhook_endpoint_not_found', 'too_many_secrets'],
} as const satisfies Operation;

export const testWebhookEndpoint = {
  id: 'webhook_endpoints/test',
  method: 'POST',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/test',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write'],
  body: TestWebhookEndpoint,
  reply: WebhookTest,
  creates: 'webhook_test',
  slo: 'write',
  refuses: ['webhook_endpoint_not_found', 'endpoint_not_enabled'],
} as const satisfies Operation;

export const replayEvents = {
  id: 'webhook_endpoints/replay',
  method: 'POST',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/replay',
  function: 'webhooks',
  actors: ['key'],
  scopes: ['webhooks:write', 'events:read'],
  body: ReplayEvents,
  reply: Replay,
  creates: 'replay',
  slo: 'write',
  refuses: ['webhook_endpoint_not_found', 'endpoint_not_enabled', 'replay_running'],
} as const satisfies Operation;

export const getReplay = {
  id: 'replays/get',
  method: 'GET',
  path: '/v1/replays/{replay_id}',
  function: 'webhooks_read',
  actors: ['key'],
  scopes: ['webhooks:read'],
  reply: Replay,
  slo: 'read',
  refuses: ['replay_not_found'],
} as const satisfies Operation;

export const listDeliveries = {
  id: 'deliveries/list',
  method: 'GET',
  path: '/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries',
  function: 'webhooks_read',
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
  function: 'webhooks_read',
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
  refuses: ['delivery_not_found', 'delivery_blocked', 'endpoint_not_enabled', 'too_many_retries'],
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
