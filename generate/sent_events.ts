// The events that merchants receive, whole.

import { eventExamples } from '../contract/capabilities.ts';
import { exampleIds, exampleTime } from '../contract/kernel/examples.ts';
import { eventSchemaVersion } from '../contract/kernel/fact.ts';
import { events, type SentEvent } from '../contract/kernel/vocabulary.ts';

export const sentEvents = Object.keys(eventExamples) as SentEvent[];

/** The event as webhooks send it and as the API shows it. */
export function eventExample(type: SentEvent) {
  const { data, first = false } = eventExamples[type];
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
