// All of this capability that others loop over.

import * as delivery from './delivery.ts';
import * as endpoint from './endpoint.ts';

export { descriptions, errorTexts } from './descriptions.ts';
export { errors } from './errors.ts';
export { eventObjects } from './event_objects.ts';
export { examples } from './examples.ts';
export { functions } from './functions.ts';
export * as operations from './operations.ts';
export { queues } from './queues.ts';
export { tables } from './tables.ts';

/** Modules that export schemas: what callers send and read. */
export const resources = [delivery, endpoint];
