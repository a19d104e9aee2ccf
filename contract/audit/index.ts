// All of this capability that others loop over.

import * as audit_entry from './audit_entry.ts';

export { descriptions } from './descriptions.ts';
export { examples } from './examples.ts';
export { functions } from './functions.ts';
export * as operations from './operations.ts';
export { tables } from './tables.ts';

/** Modules that export schemas: what callers send and read. */
export const resources = [audit_entry];
