// The name of each operation in generated clients: that of its row in contract/operations, such as `capturePayment`.

import * as auditEntries from '../../contract/operations/audit_entries.ts';
import * as captures from '../../contract/operations/captures.ts';
import * as connections from '../../contract/operations/connections.ts';
import * as customers from '../../contract/operations/customers.ts';
import * as deliveries from '../../contract/operations/deliveries.ts';
import * as events from '../../contract/operations/events.ts';
import * as keys from '../../contract/operations/keys.ts';
import * as paymentMethods from '../../contract/operations/payment_methods.ts';
import * as payments from '../../contract/operations/payments.ts';
import * as refunds from '../../contract/operations/refunds.ts';
import * as tenants from '../../contract/operations/tenants.ts';
import * as voids from '../../contract/operations/voids.ts';
import * as webhookEndpoints from '../../contract/operations/webhook_endpoints.ts';

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
