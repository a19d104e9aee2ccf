// The event of a fact: its envelope, and the object as the change left it, in its public form. It must never hold anything else
// of the row.

import * as v from 'valibot';
import { eventObjects } from '../../contract/capabilities.ts';
import { eventSchemaVersion } from '../../contract/kernel/fact.ts';
import { idPrefixes, isPlatforms } from '../../contract/kernel/vocabulary.ts';
import type { StoredEvent } from '../events/store.ts';
import type { RelayedFact } from '../kernel/store/recorded_fact.ts';

const PublicObject = v.variant('object', Object.values(eventObjects));

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
