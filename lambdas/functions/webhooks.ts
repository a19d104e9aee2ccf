// Trust boundary `webhooks`: creates and changes webhook endpoints, and decides about deliveries.

import { serve } from '../kernel/http/serve.ts';
import { portsOf } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient, secretsManagerClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { writerOf } from '../kernel/store/writer.ts';
import { retryDelivery } from '../webhooks/handlers/deliveries/retry.ts';
import { skipDelivery } from '../webhooks/handlers/deliveries/skip.ts';
import { createWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/create.ts';
import { deleteWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/delete.ts';
import { replayEvents } from '../webhooks/handlers/webhook_endpoints/replay.ts';
import { rotateWebhookSecret } from '../webhooks/handlers/webhook_endpoints/rotate_secret.ts';
import { testWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/test.ts';
import { updateWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/update.ts';
import { verifyWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/verify.ts';

export const routes = [
  createWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  verifyWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  replayEvents,
  retryDelivery,
  skipDelivery,
];

export const handler = lambdaHandler(
  { dynamodb: dynamodbClient, kms: kmsClient, secretsManager: secretsManagerClient, writer: writerOf },
  (platform) => serve(portsOf(platform), routes),
);
