// All of this capability that others loop over.

export { functions } from './functions.ts';
