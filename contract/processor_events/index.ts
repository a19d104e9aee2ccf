// All of this capability that others loop over.

export { descriptions } from './descriptions.ts';
export { errors } from './errors.ts';
export { functions } from './functions.ts';
