// docs/generated/events.md: the types of events, with what has happened, whose sequence they carry and what they show.

import { eventSchemaVersion } from '../contract/kernel/fact.ts';
import { type EventType, events } from '../contract/kernel/vocabulary.ts';
import type { EventExample } from './examples/kernel.ts';
import { eventCatalogue } from './examples.ts';
import { code, heading, table } from './markdown.ts';

/** Events of operators and of the platform have none. */
const examples: Readonly<Partial<Record<EventType, EventExample>>> = eventCatalogue;

const row = ([type, aggregate]: [string, string]): string[] => {
  const { happens, data } = examples[type as EventType] ?? {};
  return [
    code(type),
    happens?.replaceAll('"', '`') ?? 'An operator’s or the platform’s own: sent to nobody.',
    aggregate,
    data?.object ?? '–',
  ];
};

export const eventsPage = (): string =>
  [
    heading('Events', 'contract/events.ts and generate/examples'),
    `An event is a committed fact. Its \`sequence\` is gap-free for each aggregate. Schema version ${eventSchemaVersion}. What webhooks`,
    'carry is the event itself, as `GET /v1/events/{event_id}` shows it; each type has an example in the reference.\n',
    table(['type', 'what has happened', 'aggregate', 'shows'], Object.entries(events).map(row)),
    '',
  ].join('\n');
