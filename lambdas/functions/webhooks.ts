// Trust boundary `webhooks`: creates and changes webhook endpoints, and decides about deliveries.

import { retryDelivery, skipDelivery } from '../../contract/operations/deliveries.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  replayEvents,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from '../../contract/operations/webhook_endpoints.ts';
import { retryDelivery as retryDeliveryHandler } from '../handlers/deliveries/retry.ts';
import { skipDelivery as skipDeliveryHandler } from '../handlers/deliveries/skip.ts';
import { createWebhookEndpoint as createWebhookEndpointHandler } from '../handlers/webhook_endpoints/create.ts';
import { deleteWebhookEndpoint as deleteWebhookEndpointHandler } from '../handlers/webhook_endpoints/delete.ts';
import { replayEvents as replayEventsHandler } from '../handlers/webhook_endpoints/replay.ts';
import { rotateWebhookSecret as rotateWebhookSecretHandler } from '../handlers/webhook_endpoints/rotate_secret.ts';
import { testWebhookEndpoint as testWebhookEndpointHandler } from '../handlers/webhook_endpoints/test.ts';
import { updateWebhookEndpoint as updateWebhookEndpointHandler } from '../handlers/webhook_endpoints/update.ts';
import { route, serve } from '../http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { webhookPorts } from '../webhooks/ports.ts';

export const routes = [
  route(createWebhookEndpoint, createWebhookEndpointHandler),
  route(updateWebhookEndpoint, updateWebhookEndpointHandler),
  route(deleteWebhookEndpoint, deleteWebhookEndpointHandler),
  route(rotateWebhookSecret, rotateWebhookSecretHandler),
  route(testWebhookEndpoint, testWebhookEndpointHandler),
  route(replayEvents, replayEventsHandler),
  route(retryDelivery, retryDeliveryHandler),
  route(skipDelivery, skipDeliveryHandler),
];

export const handler = serve(
  webhookPorts(lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient })),
  routes,
);
