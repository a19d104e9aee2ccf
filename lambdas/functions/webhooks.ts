// Trust boundary `webhooks`: creates and changes webhook endpoints, and decides about deliveries.

import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  replayEvents,
  retryDelivery,
  rotateWebhookSecret,
  skipDelivery,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from '../../contract/webhooks/operations.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { retryDelivery as retryDeliveryHandler } from '../webhooks/handlers/deliveries/retry.ts';
import { skipDelivery as skipDeliveryHandler } from '../webhooks/handlers/deliveries/skip.ts';
import { createWebhookEndpoint as createWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/create.ts';
import { deleteWebhookEndpoint as deleteWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/delete.ts';
import { replayEvents as replayEventsHandler } from '../webhooks/handlers/webhook_endpoints/replay.ts';
import { rotateWebhookSecret as rotateWebhookSecretHandler } from '../webhooks/handlers/webhook_endpoints/rotate_secret.ts';
import { testWebhookEndpoint as testWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/test.ts';
import { updateWebhookEndpoint as updateWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/update.ts';
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

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient },
  (platform) => serve(webhookPorts(platform), routes),
);
