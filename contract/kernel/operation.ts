// What a row of the operation table holds. A row is inert data: everything about an endpoint that two places need
// stands in it once, and whoever needs it reads it in a loop (docs/decisions/0005).

import type { GenericSchema } from 'valibot';
import type { ErrorCode } from '../errors.ts';
import type { FunctionName } from '../functions.ts';
import type { IdKind } from './ids.ts';
import type { ActorKind, Scope } from './roles.ts';
import type { SloClass } from './slo.ts';

export interface Operation {
  /** `<resource>/<verb>`: the handler's path under lambdas/<capability>/handlers, the log field, the runbook's prefix. */
  readonly id: `${string}/${string}`;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: `/v1/${string}`;
  /** The trust boundary that serves it. */
  readonly function: FunctionName;
  readonly actors: readonly ActorKind[];
  /** All of these must be held; operators hold none and need none. */
  readonly scopes: readonly Scope[];
  readonly query?: GenericSchema;
  readonly body?: GenericSchema;
  readonly reply: GenericSchema;
  /**
   * The kind of object that it creates. Such an operation requires an `Idempotency-Key`, gives the object an id that is
   * a hash of the caller, the path and that key, and answers 201. Absent: nothing is created, the answer is 200.
   */
  readonly creates?: IdKind;
  readonly slo: Exclude<SloClass, 'delivery' | 'ingress'>;
  /** What its handler may refuse, beyond what every operation may. */
  readonly refuses: readonly ErrorCode[];
}
