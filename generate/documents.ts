// Everything that `npm run docs` writes but the compliance documents: path inside docs/generated -> text.

import manifest from '../package.json' with { type: 'json' };
import { vectorsText } from '../sdk/vectors.ts';
import { alarmsPage } from './alarms.ts';
import { costsPage } from './costs.ts';
import { errorPages } from './errors.ts';
import { eventsPage } from './events.ts';
import { functionsPage } from './functions.ts';
import { prettyJson } from './json.ts';
import { openapi } from './openapi.ts';
import { operationsPage } from './operations.ts';
import { queuesPage } from './queues.ts';
import { sdkSource } from './sdk.ts';

export type Documents = Readonly<Record<string, string>>;

export function documents(): Documents {
  const document = openapi(manifest.version);
  return {
    'openapi.json': prettyJson(document),
    // The library's own folder, so that it can be published by itself.
    '../../sdk/src/generated.ts': sdkSource(document),
    '../../sdk/vectors.json': vectorsText(),
    'operations.md': operationsPage(),
    'events.md': eventsPage(),
    'alarms.md': alarmsPage(),
    'functions.md': functionsPage(),
    'queues.md': queuesPage(),
    'costs.md': costsPage(),
    ...errorPages(),
  };
}
