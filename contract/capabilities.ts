// The whole operation table, for consumers that loop over it (infrastructure, documents, tests). A handler imports its own row.

import * as auditEntries from './audit/operations.ts';
import * as connections from './connections/operations.ts';
import * as customers from './customers/customer_operations.ts';
import * as paymentMethods from './customers/payment_method_operations.ts';
import * as events from './events/operations.ts';
import type { Operation } from './kernel/operation.ts';
import * as captures from './payments/capture_operations.ts';
import * as payments from './payments/payment_operations.ts';
import * as refunds from './payments/refund_operations.ts';
import * as voids from './payments/void_operations.ts';
import * as keys from './tenants/key_operations.ts';
import * as tenants from './tenants/tenant_operations.ts';
import * as deliveries from './webhooks/delivery_operations.ts';
import * as webhookEndpoints from './webhooks/endpoint_operations.ts';

export const operations: readonly Operation[] = [
  tenants,
  keys,
  payments,
  captures,
  refunds,
  voids,
  customers,
  paymentMethods,
  events,
  webhookEndpoints,
  deliveries,
  connections,
  auditEntries,
].flatMap((resource) => byName(resource as Readonly<Record<string, Operation>>));

/** A module lists its exports by name; what stands in for one in tests does not. */
function byName(resource: Readonly<Record<string, Operation>>): Operation[] {
  const rows = Object.entries(resource).sort(([one], [other]) => (one < other ? -1 : 1));
  return rows.map(([, row]) => row);
}
