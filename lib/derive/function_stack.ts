// The stack that a function belongs to. The API refers to functions by name, so they are deployed before it: a new route never
// leads to a function that does not exist yet. A function that is given ids of the API is part of the API's own stack.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';

export type FunctionStack = 'functions' | 'api';

export const stackOf = (row: FunctionRow): FunctionStack => (row.makesUsageKeys === true ? 'api' : 'functions');

export const functionsIn = (stack: FunctionStack): readonly [FunctionName, FunctionRow][] =>
  (Object.entries(functions) as [FunctionName, FunctionRow][]).filter(([, row]) => stackOf(row) === stack);

/** Path of the function's construct inside its zone; what belongs to the function is named `<path>-<what>`. */
export const functionPath = (name: FunctionName): string => `${stackOf(functions[name])}/${name}`;

const findAuthorizer = (): FunctionName => {
  const [found, ...others] = (Object.entries(functions) as [FunctionName, FunctionRow][]).filter(
    ([, { trigger }]) => trigger.kind === 'authorizer',
  );
  if (found === undefined || others.length > 0) throw new Error('contract/: exactly one function is the authorizer');
  return found[0];
};

/** The one function that API Gateway asks before every request. */
export const authorizerName: FunctionName = findAuthorizer();
