// The class of every route, for the authorizer, whose bundle must not hold the operation table. Lambda gives a function 4 KB of
// environment, so routes of the class that an unnamed route has anyway are left out.

import { operations } from '../../contract/capabilities.ts';
import { leastClass, rateClassOf } from '../../contract/kernel/rates.ts';

/** JSON object: `<method> <path>` -> rate class. */
export const rateClassesJson = (): string =>
  JSON.stringify(
    Object.fromEntries(
      operations
        .map((operation) => [`${operation.method} ${operation.path}`, rateClassOf(operation)])
        .filter(([, rateClass]) => rateClass !== leastClass),
    ),
  );
