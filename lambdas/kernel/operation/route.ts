// A row of the operation table with the handler that was written for it: what a function serves is a list of these.

import type { Operation } from '../../../contract/capabilities.ts';
import type { Call, Handler } from './call.ts';

export interface Route<P> {
  readonly operation: Operation;
  readonly handle: Handler<Operation, P>;
}

export const route = <O extends Operation, P>(operation: O, handle: Handler<O, P>): Route<P> => ({
  operation,
  // The pipeline hands over a call that was parsed by this very row.
  handle: (call, ports) => handle(call as Call<O>, ports),
});
