// What every handler takes and gives. By then the pipeline has told who calls and parsed what was sent.

import type * as v from 'valibot';
import type { Actor } from '../../contract/events.ts';
import type { Operation } from '../../contract/operations/operation.ts';
import type { Mode, Scope } from '../../contract/roles.ts';

/** Who calls, as the authorizer told. Operators belong to no tenant and no mode. */
export interface Identity {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly tenant: string | null;
  readonly mode: Mode | null;
  readonly scopes: readonly Scope[];
}

type Parsed<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;

export interface Call<O extends Operation> {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  /** Path parameters, each of the form of an id. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
  /** The body as sent, parsed but without defaults: what a repeat is compared with. */
  readonly sent: unknown;
  /** Operations that create: the id of the object, a hash of caller, path and Idempotency-Key. Otherwise ''. */
  readonly objectId: string;
}

/** A reply's body as JSON text. */
export interface Answer {
  readonly body: string;
  /** The first reply to an earlier request with the same key. */
  readonly replayed: boolean;
}

export type Handler<O extends Operation, Ports> = (call: Call<O>, ports: Ports) => Promise<Answer>;

export const fresh = (body: string): Answer => ({ body, replayed: false });
