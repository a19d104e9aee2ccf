// What a row of the operation table holds. A row is inert data: everything about an endpoint that two places need
// stands in it once, and whoever needs it reads it in a loop (docs/decisions/0005).

import type { GenericSchema } from 'valibot';
import type { ActorKind } from './roles.ts';
import type { SloClass } from './slo.ts';
import type { IdKind, Scope } from './vocabulary.ts';

/** Names of functions and errors are held to the lists when the capabilities are put together. */
export interface Operation<Fn extends string = string, Code extends string = string> {
  /** `<resource>/<verb>`: the handler's path under lambdas/<capability>/handlers, the log field, the runbook's prefix. */
  readonly id: `${string}/${string}`;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/v1/${string}`;
  /** The trust boundary that serves it. */
  readonly function: Fn;
  readonly actors: readonly ActorKind[];
  /** All of these must be held; operators hold none and need none. */
  readonly scopes: readonly Scope[];
  readonly query?: GenericSchema;
  readonly body?: GenericSchema;
  readonly reply: GenericSchema;
  /** What a payer is answered instead. With the payment's own client secret alone, by a page of another origin (CORS). */
  readonly payerReply?: GenericSchema;
  /**
   * The kind of object that it creates. Such an operation requires an `Idempotency-Key`, gives the object an id that is
   * a hash of the caller, the path and that key, and answers 201. Absent: nothing is created, the answer is 200.
   */
  readonly creates?: IdKind;
  readonly slo: Exclude<SloClass, 'delivery' | 'ingress'>;
  /** What its handler may refuse, beyond what every operation may. */
  readonly refuses: readonly Code[];
}
