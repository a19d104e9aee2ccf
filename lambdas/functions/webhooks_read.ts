// Trust boundary `webhooks_read`: answers reads of webhook endpoints and deliveries, and can change nothing.

import {
  getDelivery,
  getWebhookEndpoint,
  listDeliveries,
  listWebhookEndpoints,
} from '../../contract/webhooks/operations.ts';
import { readPorts } from '../kernel/http/read_ports.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaHandler } from '../kernel/platform/platform.ts';
import { getDelivery as getDeliveryHandler } from '../webhooks/handlers/deliveries/get.ts';
import { listDeliveries as listDeliveriesHandler } from '../webhooks/handlers/deliveries/list.ts';
import { getWebhookEndpoint as getWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/get.ts';
import { listWebhookEndpoints as listWebhookEndpointsHandler } from '../webhooks/handlers/webhook_endpoints/list.ts';

export const routes = [
  route(getWebhookEndpoint, getWebhookEndpointHandler),
  route(listWebhookEndpoints, listWebhookEndpointsHandler),
  route(getDelivery, getDeliveryHandler),
  route(listDeliveries, listDeliveriesHandler),
];

export const handler = lambdaHandler({ dynamodb: dynamodbClient, kms: kmsClient }, (platform) =>
  serve(readPorts(platform), routes),
);
