// What every handler takes and gives. By then the pipeline has told who calls and parsed what was sent.

import type * as v from 'valibot';
import type { Operation } from '../../../contract/capabilities.ts';
import type { Actor } from '../../../contract/kernel/fact.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Scope } from '../../../contract/kernel/vocabulary.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Platform } from '../platform/platform.ts';

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

/** A reply's body as JSON text, and what the request came to. */
export interface Answer {
  readonly body: string;
  /**
   * `committed`: a fact was recorded, from which the relay makes the audit entry. The others leave none by themselves, so
   * the pipeline does: `replayed` is the first reply to an earlier request with the same key, `unchanged` was so already.
   */
  readonly outcome: 'committed' | 'read' | 'replayed' | 'unchanged';
}

export type Handler<O extends Operation, Ports> = (call: Call<O>, ports: Ports) => Promise<Answer>;

/** What every handler's ports hold: the pipeline itself seals and writes audit entries with them. */
export interface HandlerPorts {
  readonly platform: Platform;
  readonly keyring: Keyring;
}

export const read = (body: string): Answer => ({ body, outcome: 'read' });
export const committed = (body: string): Answer => ({ body, outcome: 'committed' });
