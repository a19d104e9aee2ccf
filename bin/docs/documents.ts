// Everything that `npm run docs` writes: path inside docs/generated -> text. Pure but for the version in package.json.

import manifest from '../../package.json' with { type: 'json' };
import { alarmsPage } from './alarms.ts';
import { costsPage } from './costs.ts';
import { errorPages } from './errors.ts';
import { eventsPage } from './events.ts';
import { functionsPage } from './functions.ts';
import { openapi } from './openapi.ts';
import { operationsPage } from './operations.ts';
import { queuesPage } from './queues.ts';

export type Documents = Readonly<Record<string, string>>;

export const documents = (): Documents => ({
  'openapi.json': `${JSON.stringify(openapi(manifest.version), null, 2)}\n`,
  'operations.md': operationsPage(),
  'events.md': eventsPage(),
  'alarms.md': alarmsPage(),
  'functions.md': functionsPage(),
  'queues.md': queuesPage(),
  'costs.md': costsPage(),
  ...errorPages(),
});
