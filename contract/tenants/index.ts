// All of this capability that others loop over.

import * as business from './business.ts';
import * as key from './key.ts';
import * as tenant from './tenant.ts';

export { descriptions, errorTexts } from './descriptions.ts';
export { errors } from './errors.ts';
export { eventObjects } from './event_objects.ts';
export { examples } from './examples.ts';
export { functions } from './functions.ts';
export * as operations from './operations.ts';
export { tables } from './tables.ts';

/** Modules that export schemas: what callers send and read. */
export const resources = [key, tenant, business];
