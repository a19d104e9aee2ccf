// docs/generated/events.md: every type of event with its meaning, its aggregate and the object in its data.

import { eventExamples } from '../contract/capabilities.ts';
import type { EventExample } from '../contract/kernel/examples.ts';
import { eventSchemaVersion } from '../contract/kernel/fact.ts';
import { type EventType, events } from '../contract/kernel/vocabulary.ts';
import { code, heading, table } from './markdown.ts';

/** Events of operators and of the platform have none. */
const examples: Readonly<Partial<Record<EventType, EventExample>>> = eventExamples;

const row = ([type, aggregate]: [string, string]): string[] => {
  const { happens, data } = examples[type as EventType] ?? {};
  return [
    code(type),
    happens?.replaceAll('"', '`') ?? 'An event of operators or of the platform: no merchant receives it.',
    aggregate,
    data?.object ?? '–',
  ];
};

export const eventsPage = (): string =>
  [
    heading('Events', 'contract/kernel/vocabulary.ts and the examples of each capability'),
    `An event is a committed fact. Its \`sequence\` has no gaps within an aggregate. Schema version ${eventSchemaVersion}. A webhook`,
    'sends the event as `GET /v1/events/{event_id}` shows it. The API reference has an example of each type.\n',
    table(['type', 'meaning', 'aggregate', 'object in data'], Object.entries(events).map(row)),
    '',
  ].join('\n');
