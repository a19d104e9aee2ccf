// The whole operation table, for consumers that loop over it (infrastructure, documents, tests). A handler imports its own row.

import * as auditEntries from './audit_entries.ts';
import * as captures from './captures.ts';
import * as connections from './connections.ts';
import * as customers from './customers.ts';
import * as deliveries from './deliveries.ts';
import * as events from './events.ts';
import * as keys from './keys.ts';
import type { Operation } from './operation.ts';
import * as paymentMethods from './payment_methods.ts';
import * as payments from './payments.ts';
import * as refunds from './refunds.ts';
import * as tenants from './tenants.ts';
import * as voids from './voids.ts';
import * as webhookEndpoints from './webhook_endpoints.ts';

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
