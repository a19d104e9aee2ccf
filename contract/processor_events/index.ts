// All of this capability that others loop over.

export { errorTexts } from './descriptions.ts';
export { errors } from './errors.ts';
export { functions } from './functions.ts';
export { tables } from './tables.ts';
