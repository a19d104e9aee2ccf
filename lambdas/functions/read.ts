// Trust boundary `read`: answers reads, and can write nothing.

import { listAuditEntries } from '../../contract/operations/audit_entries.ts';
import { getCapture, listCaptures } from '../../contract/operations/captures.ts';
import { getConnection, listConnections } from '../../contract/operations/connections.ts';
import { getDelivery, listDeliveries } from '../../contract/operations/deliveries.ts';
import { getEvent, listEvents } from '../../contract/operations/events.ts';
import { listKeys } from '../../contract/operations/keys.ts';
import { getPayment, listPayments } from '../../contract/operations/payments.ts';
import { getRefund, listRefunds } from '../../contract/operations/refunds.ts';
import { getTenant } from '../../contract/operations/tenants.ts';
import { getVoid, listVoids } from '../../contract/operations/voids.ts';
import { getWebhookEndpoint, listWebhookEndpoints } from '../../contract/operations/webhook_endpoints.ts';
import { keyring } from '../crypto/keyring.ts';
import { listAuditEntries as listAuditEntriesHandler } from '../handlers/audit_entries/list.ts';
import { getCapture as getCaptureHandler } from '../handlers/captures/get.ts';
import { listCaptures as listCapturesHandler } from '../handlers/captures/list.ts';
import { getConnection as getConnectionHandler } from '../handlers/connections/get.ts';
import { listConnections as listConnectionsHandler } from '../handlers/connections/list.ts';
import { getDelivery as getDeliveryHandler } from '../handlers/deliveries/get.ts';
import { listDeliveries as listDeliveriesHandler } from '../handlers/deliveries/list.ts';
import { getEvent as getEventHandler } from '../handlers/events/get.ts';
import { listEvents as listEventsHandler } from '../handlers/events/list.ts';
import { listKeys as listKeysHandler } from '../handlers/keys/list.ts';
import { getPayment as getPaymentHandler } from '../handlers/payments/get.ts';
import { listPayments as listPaymentsHandler } from '../handlers/payments/list.ts';
import { getRefund as getRefundHandler } from '../handlers/refunds/get.ts';
import { listRefunds as listRefundsHandler } from '../handlers/refunds/list.ts';
import { getTenant as getTenantHandler } from '../handlers/tenants/get.ts';
import { getVoid as getVoidHandler } from '../handlers/voids/get.ts';
import { listVoids as listVoidsHandler } from '../handlers/voids/list.ts';
import { getWebhookEndpoint as getWebhookEndpointHandler } from '../handlers/webhook_endpoints/get.ts';
import { listWebhookEndpoints as listWebhookEndpointsHandler } from '../handlers/webhook_endpoints/list.ts';
import { route, serve } from '../http/serve.ts';
import { dynamodbClient, kmsClient } from '../platform/aws.ts';
import { lambdaPlatform } from '../platform/platform.ts';
import { dataKeys } from '../store/data_keys.ts';

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
