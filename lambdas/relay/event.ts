// The event of a fact: its envelope, and the object as the change left it, in its public form. Nothing else of the row
// gets out.

import * as v from 'valibot';
import { eventSchemaVersion } from '../../contract/events.ts';
import { idPrefixes } from '../../contract/ids.ts';
import { Connection } from '../../contract/resources/connection.ts';
import { Delivery, Replay } from '../../contract/resources/delivery.ts';
import { Key } from '../../contract/resources/key.ts';
import { Capture, Refund, Void } from '../../contract/resources/modification.ts';
import { Payment } from '../../contract/resources/payment.ts';
import { Tenant } from '../../contract/resources/tenant.ts';
import { WebhookEndpoint, WebhookSecret, WebhookTest } from '../../contract/resources/webhook_endpoint.ts';
import type { StoredEvent } from '../store/events.ts';
import type { RelayedFact } from './fact.ts';

const Shown = v.variant('object', [
  Payment,
  Capture,
  Refund,
  Void,
  Key,
  Tenant,
  WebhookEndpoint,
  WebhookSecret,
  WebhookTest,
  Delivery,
  Replay,
  Connection,
]);

const eventIdOf = (factId: string): string => factId.replace(idPrefixes.fact, idPrefixes.event);

/** Null: nobody's event (an operator's). */
export function eventOf({ fact, object }: RelayedFact): StoredEvent | null {
  if (fact.aggregate_type === 'operator') return null;
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
    data: v.parse(Shown, object),
  };
}
