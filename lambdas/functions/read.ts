// Trust boundary `read`: answers reads, and can write nothing.

import { listAuditEntries } from '../../contract/audit/operations.ts';
import { getConnection, listConnections } from '../../contract/connections/operations.ts';
import { getEvent, listEvents } from '../../contract/events/operations.ts';
import { getCapture, listCaptures } from '../../contract/payments/capture_operations.ts';
import { getPayment, listPayments } from '../../contract/payments/payment_operations.ts';
import { getRefund, listRefunds } from '../../contract/payments/refund_operations.ts';
import { getVoid, listVoids } from '../../contract/payments/void_operations.ts';
import { listKeys } from '../../contract/tenants/key_operations.ts';
import { getTenant } from '../../contract/tenants/tenant_operations.ts';
import { getDelivery, listDeliveries } from '../../contract/webhooks/delivery_operations.ts';
import { getWebhookEndpoint, listWebhookEndpoints } from '../../contract/webhooks/endpoint_operations.ts';
import { listAuditEntries as listAuditEntriesHandler } from '../audit/handlers/audit_entries/list.ts';
import { getConnection as getConnectionHandler } from '../connections/handlers/connections/get.ts';
import { listConnections as listConnectionsHandler } from '../connections/handlers/connections/list.ts';
import { getEvent as getEventHandler } from '../events/handlers/events/get.ts';
import { listEvents as listEventsHandler } from '../events/handlers/events/list.ts';
import { keyring } from '../kernel/crypto/keyring.ts';
import { route, serve } from '../kernel/http/serve.ts';
import { dynamodbClient, kmsClient } from '../kernel/platform/aws.ts';
import { lambdaPlatform } from '../kernel/platform/platform.ts';
import { dataKeys } from '../kernel/store/data_keys.ts';
import { getCapture as getCaptureHandler } from '../payments/handlers/captures/get.ts';
import { listCaptures as listCapturesHandler } from '../payments/handlers/captures/list.ts';
import { getPayment as getPaymentHandler } from '../payments/handlers/payments/get.ts';
import { listPayments as listPaymentsHandler } from '../payments/handlers/payments/list.ts';
import { getRefund as getRefundHandler } from '../payments/handlers/refunds/get.ts';
import { listRefunds as listRefundsHandler } from '../payments/handlers/refunds/list.ts';
import { getVoid as getVoidHandler } from '../payments/handlers/voids/get.ts';
import { listVoids as listVoidsHandler } from '../payments/handlers/voids/list.ts';
import { listKeys as listKeysHandler } from '../tenants/handlers/keys/list.ts';
import { getTenant as getTenantHandler } from '../tenants/handlers/tenants/get.ts';
import { getDelivery as getDeliveryHandler } from '../webhooks/handlers/deliveries/get.ts';
import { listDeliveries as listDeliveriesHandler } from '../webhooks/handlers/deliveries/list.ts';
import { getWebhookEndpoint as getWebhookEndpointHandler } from '../webhooks/handlers/webhook_endpoints/get.ts';
import { listWebhookEndpoints as listWebhookEndpointsHandler } from '../webhooks/handlers/webhook_endpoints/list.ts';

export const routes = [
  route(getTenant, getTenantHandler),
  route(listKeys, listKeysHandler),
  route(getPayment, getPaymentHandler),
  route(listPayments, listPaymentsHandler),
  route(getCapture, getCaptureHandler),
  route(listCaptures, listCapturesHandler),
  route(getRefund, getRefundHandler),
  route(listRefunds, listRefundsHandler),
  route(getVoid, getVoidHandler),
  route(listVoids, listVoidsHandler),
  route(getEvent, getEventHandler),
  route(listEvents, listEventsHandler),
  route(getWebhookEndpoint, getWebhookEndpointHandler),
  route(listWebhookEndpoints, listWebhookEndpointsHandler),
  route(getDelivery, getDeliveryHandler),
  route(listDeliveries, listDeliveriesHandler),
  route(getConnection, getConnectionHandler),
  route(listConnections, listConnectionsHandler),
  route(listAuditEntries, listAuditEntriesHandler),
];

const platform = lambdaPlatform({ dynamodb: dynamodbClient, kms: kmsClient });
export const handler = serve({ platform, keyring: keyring(platform, 'tenant', dataKeys(platform)) }, routes);
