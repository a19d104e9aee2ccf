// All of this capability that others loop over.

import * as connection from './connection.ts';
import * as defaults from './defaults.ts';

export { descriptions, errorTexts } from './descriptions.ts';
export { errors } from './errors.ts';
export { eventObjects } from './event_objects.ts';
export { examples } from './examples.ts';
export { functions } from './functions.ts';
export * as operations from './operations.ts';
export { tables } from './tables.ts';

/** Modules that export schemas: what callers send and read. */
export const resources = [connection, defaults];
