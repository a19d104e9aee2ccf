// What one request of each operation costs once its function is warm: declared here, and measured exactly by
// proof/bench/costs.test.ts, so that no change makes an operation dearer unseen. Units depend on the size of what is stored;
// these are those of the documentation's examples (generate/examples.ts).

import type { OperationId } from './texts.ts';

export interface Cost {
  /** AWS calls one after the other; those side by side count once. Without the authorizer's and the processor's. */
  readonly calls: number;
  /** DynamoDB request units, indexes included. */
  readonly write: number;
  readonly read: number;
  readonly kms: number;
  /** Calls to the payment processor. */
  readonly processor: number;
  /** What follows behind the reply: the relay's write units, and the events that it puts onto the bus. */
  readonly behind: number;
  readonly events: number;
}

/**
 * The write that each read has is its audit entry, beside the read; a new tenant's data key of the day is looked for, made
 * and kept.
 */
export const costs: Readonly<Record<OperationId, Cost>> = {
  'payments/create': { calls: 2, write: 7, read: 0, kms: 0, processor: 1, behind: 4, events: 2 },
  'payments/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'payments/list': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
  'payments/capture': { calls: 3, write: 20, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
  'payments/refund': { calls: 3, write: 20, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
  'payments/void': { calls: 3, write: 20, read: 2, kms: 0, processor: 1, behind: 4, events: 2 },
  'captures/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'captures/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'refunds/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'refunds/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'voids/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'voids/list': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'customers/create': { calls: 1, write: 10, read: 0, kms: 0, processor: 0, behind: 2, events: 1 },
  'customers/list': { calls: 2, write: 1, read: 8, kms: 0, processor: 0, behind: 0, events: 0 },
  'customers/get': { calls: 1, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'customers/update': { calls: 2, write: 2, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'customers/delete': { calls: 2, write: 10, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'payment_methods/create': { calls: 2, write: 10, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
  'payment_methods/list': { calls: 2, write: 1, read: 3, kms: 0, processor: 0, behind: 0, events: 0 },
  'payment_methods/get': { calls: 1, write: 1, read: 3, kms: 0, processor: 0, behind: 0, events: 0 },
  'payment_methods/delete': { calls: 2, write: 8, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
  'keys/create': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'keys/list': { calls: 2, write: 1, read: 2, kms: 0, processor: 0, behind: 0, events: 0 },
  'keys/rotate': { calls: 2, write: 10, read: 3, kms: 0, processor: 0, behind: 2, events: 1 },
  'keys/revoke': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'events/get': { calls: 1, write: 1, read: 0.5, kms: 0, processor: 0, behind: 0, events: 0 },
  'events/list': { calls: 1, write: 1, read: 4, kms: 0, processor: 0, behind: 0, events: 0 },
  'webhook_endpoints/create': { calls: 2, write: 2, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'webhook_endpoints/list': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'webhook_endpoints/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'webhook_endpoints/update': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'webhook_endpoints/delete': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'webhook_endpoints/rotate_secret': { calls: 2, write: 8, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'webhook_endpoints/test': { calls: 2, write: 8, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'webhook_endpoints/replay': { calls: 2, write: 8, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'deliveries/list': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
  'deliveries/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'deliveries/retry': { calls: 3, write: 4, read: 2, kms: 0, processor: 0, behind: 2, events: 1 },
  'deliveries/skip': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'connections/create': { calls: 3, write: 3, read: 5.5, kms: 0, processor: 0, behind: 2, events: 1 },
  'connections/list': { calls: 2, write: 1, read: 5, kms: 0, processor: 0, behind: 0, events: 0 },
  'connections/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'connections/delete': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'audit_entries/list': { calls: 1, write: 1, read: 4, kms: 0, processor: 0, behind: 0, events: 0 },
  'tenants/create': { calls: 4, write: 7, read: 1, kms: 1, processor: 0, behind: 2, events: 1 },
  'tenants/create_key': { calls: 2, write: 3, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
  'tenants/get': { calls: 1, write: 1, read: 1, kms: 0, processor: 0, behind: 0, events: 0 },
  'tenants/update': { calls: 2, write: 2, read: 1, kms: 0, processor: 0, behind: 2, events: 1 },
};

/** Before every request. A key's last use is noted once an hour; until its tenant's own limits work, the tenant is asked. */
export const authorizerCosts = {
  usual: { calls: 1, write: 0, read: 1, kms: 0 },
  firstOfTheHour: { calls: 2, write: 1, read: 1, kms: 0 },
  newcomer: { calls: 2, write: 0, read: 2, kms: 0 },
} as const satisfies Readonly<Record<string, Pick<Cost, 'calls' | 'write' | 'read' | 'kms'>>>;
