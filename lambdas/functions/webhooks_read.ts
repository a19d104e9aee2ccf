// Trust boundary `webhooks_read`: answers reads of webhook endpoints and deliveries, and can change nothing.

import { serve } from '../kernel/http/serve.ts';
import { handlerPorts } from '../kernel/operation/ports.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { getDelivery } from '../webhooks/handlers/deliveries/get.ts';
import { listDeliveries } from '../webhooks/handlers/deliveries/list.ts';
import { getReplay } from '../webhooks/handlers/replays/get.ts';
import { getWebhookEndpoint } from '../webhooks/handlers/webhook_endpoints/get.ts';
import { listWebhookEndpoints } from '../webhooks/handlers/webhook_endpoints/list.ts';

export const routes = [getWebhookEndpoint, listWebhookEndpoints, getDelivery, listDeliveries, getReplay];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(handlerPorts(platform), routes),
);
