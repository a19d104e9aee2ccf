// docs/generated/events.md: the types of events, by the object that they count on.

import { eventSchemaVersion, events } from '../../contract/events.ts';
import { code, heading, table } from './markdown.ts';

export const eventsPage = (): string =>
  [
    heading('Events', 'contract/events.ts'),
    `An event is a committed fact. Its \`sequence\` is gap-free for each aggregate. Schema version ${eventSchemaVersion}.\n`,
    table(
      ['type', 'aggregate'],
      Object.entries(events).map(([type, aggregate]) => [code(type), aggregate]),
    ),
    '',
  ].join('\n');
