// The events that merchants receive: their order in the documentation, and the whole event of each example.

import { exampleIds, exampleTime } from '../contract/kernel/examples.ts';
import { eventSchemaVersion } from '../contract/kernel/fact.ts';
import { type AggregateType, events } from '../contract/kernel/vocabulary.ts';
import { eventCatalogue, type SentEvent } from './examples.ts';

/** In the order in which a newcomer meets them. */
const aggregates: readonly AggregateType[] = [
  'payment',
  'key',
  'webhook_endpoint',
  'delivery',
  'customer',
  'connection',
  'tenant',
];

export const sentEvents: readonly SentEvent[] = (Object.keys(eventCatalogue) as SentEvent[]).toSorted(
  (a, b) => aggregates.indexOf(events[a]) - aggregates.indexOf(events[b]),
);

/** The event as webhooks send it and as the API shows it. */
export function eventExample(type: SentEvent) {
  const { data, first = false } = eventCatalogue[type];
  const aggregate = events[type];
  return {
    id: exampleIds.event,
    object: 'event',
    mode: 'test',
    type,
    occurred_at: exampleTime,
    schema_version: eventSchemaVersion,
    tenant_id: exampleIds.tenant,
    aggregate_type: aggregate,
    // A fact about a part, such as a capture, belongs to the history of the whole.
    aggregate_id: data.object === aggregate ? data.id : exampleIds[aggregate],
    sequence: first ? 1 : 2,
    data,
  };
}
