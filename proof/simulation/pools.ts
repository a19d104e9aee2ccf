// The processes of a world: a pool for each function.

import { pool } from './functions.ts';
import type { Surroundings } from './process.ts';
import type { Product } from './product.ts';

export const poolsOf = (code: Product, surroundings: Surroundings) => ({
  authorizer: pool(code.authorizer, surroundings),
  money: pool(code.money, surroundings),
  webhooks: pool(code.webhooks, surroundings),
  audit_read: pool(code.audit_read, surroundings),
  connections_read: pool(code.connections_read, surroundings),
  events_read: pool(code.events_read, surroundings),
  payments_read: pool(code.payments_read, surroundings),
  tenants_read: pool(code.tenants_read, surroundings),
  webhooks_read: pool(code.webhooks_read, surroundings),
  customers: pool(code.customers, surroundings),
  ingress: pool(code.ingress, surroundings),
  processor_events: pool(code.processor_events, surroundings),
  relay: pool(code.relay, surroundings),
  reconciler: pool(code.reconciler, surroundings),
  deliver: pool(code.deliver, surroundings),
  dispatcher: pool(code.dispatcher, surroundings),
});

export type Pools = ReturnType<typeof poolsOf>;
