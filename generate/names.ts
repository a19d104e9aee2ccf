// The name of each operation in generated clients: that of its row in contract/operations, such as `capturePayment`.

import * as auditEntries from '../contract/audit/operations.ts';
import * as connections from '../contract/connections/operations.ts';
import * as customers from '../contract/customers/customer_operations.ts';
import * as paymentMethods from '../contract/customers/payment_method_operations.ts';
import * as events from '../contract/events/operations.ts';
import * as captures from '../contract/payments/capture_operations.ts';
import * as payments from '../contract/payments/payment_operations.ts';
import * as refunds from '../contract/payments/refund_operations.ts';
import * as voids from '../contract/payments/void_operations.ts';
import * as keys from '../contract/tenants/key_operations.ts';
import * as tenants from '../contract/tenants/tenant_operations.ts';
import * as deliveries from '../contract/webhooks/delivery_operations.ts';
import * as webhookEndpoints from '../contract/webhooks/endpoint_operations.ts';

/** Operation id -> name. */
export const operationNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    auditEntries,
    captures,
    connections,
    customers,
    deliveries,
    events,
    keys,
    paymentMethods,
    payments,
    refunds,
    tenants,
    voids,
    webhookEndpoints,
  ].flatMap((rows) => Object.entries(rows).map(([name, { id }]) => [id, name])),
);
