// The event of a fact: its envelope, and the object as the change left it, in its public form. It must never hold anything else
// of the row.

import * as v from 'valibot';
import { Connection } from '../../contract/connections/connection.ts';
import { BareCustomer } from '../../contract/customers/customer.ts';
import { BarePaymentMethod } from '../../contract/customers/payment_method.ts';
import { eventSchemaVersion } from '../../contract/kernel/fact.ts';
import { idPrefixes, isPlatforms } from '../../contract/kernel/vocabulary.ts';
import { Capture, Refund, Void } from '../../contract/payments/modification.ts';
import { Payment } from '../../contract/payments/payment.ts';
import { Key } from '../../contract/tenants/key.ts';
import { Tenant } from '../../contract/tenants/tenant.ts';
import { Delivery, DeliveryAttempt, Replay } from '../../contract/webhooks/delivery.ts';
import { WebhookEndpoint, WebhookSecret, WebhookTest } from '../../contract/webhooks/endpoint.ts';
import type { StoredEvent } from '../events/store.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';

const Attempt = v.pipe(
  v.omit(DeliveryAttempt, ['response']),
  v.transform((attempt) => ({ ...attempt, response: null })),
);

/** Public forms, without what merchants wrote in their own words: an event holds that sealed, as the row does. */
const PublicObject = v.variant('object', [
  v.omit(Payment, ['description', 'metadata']),
  Capture,
  v.omit(Refund, ['reason']),
  Void,
  Key,
  v.omit(Tenant, ['metadata']),
  v.omit(WebhookEndpoint, ['description', 'metadata']),
  WebhookSecret,
  WebhookTest,
  // What receivers answered is shown where the delivery itself is read.
  v.object({ ...Delivery.entries, attempts: v.array(Attempt) }),
  Replay,
  v.omit(Connection, ['metadata']),
  BareCustomer,
  BarePaymentMethod,
]);

const eventIdOf = (factId: string): string => factId.replace(idPrefixes.fact, idPrefixes.event);

/** Null: nobody's event, but the platform's own. */
export function eventOf({ fact, object, sealed_fields }: RelayedFact): StoredEvent | null {
  if (isPlatforms(fact.aggregate_type)) return null;
  return {
    id: eventIdOf(fact.id),
    object: 'event',
    mode: fact.mode,
    type: fact.type,
    occurred_at: fact.at,
    schema_version: eventSchemaVersion,
    tenant_id: fact.tenant,
    aggregate_type: fact.aggregate_type,
    aggregate_id: fact.aggregate_id,
    sequence: fact.sequence,
    previous: fact.previous && eventIdOf(fact.previous),
    data: v.parse(PublicObject, object),
    sealed_fields,
  };
}
