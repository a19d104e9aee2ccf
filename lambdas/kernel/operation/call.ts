// What every handler takes and gives. By then the pipeline has authorized the caller and parsed what was sent.

import type * as v from 'valibot';
import type { Operation } from '../../../contract/capabilities.ts';
import type { Actor } from '../../../contract/kernel/fact.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Scope } from '../../../contract/kernel/vocabulary.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { TenantScope } from '../domain/tenant_scope.ts';
import type { Platform } from '../platform/platform.ts';
import type { AuditContext } from '../store/commit.ts';

/** Who calls, as the authorizer found. Operators belong to no tenant and no mode. */
export interface Identity {
  readonly actor: Actor;
  readonly onBehalfOf: Actor | null;
  readonly tenant: string | null;
  readonly mode: Mode | null;
  readonly scopes: readonly Scope[];
}

type Parsed<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;

/** The names in a path: `/v1/payments/{payment_id}` has `payment_id`. */
type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** What was parsed of a request. */
export interface ParsedCall<O extends Operation> {
  readonly requestId: string;
  readonly identity: Identity;
  readonly sourceAddress: string;
  /** Of a payer: what says that it is the payer of this payment. Of others undefined. */
  readonly clientSecret: string | undefined;
  /** Where the zone is reached: what stands before each of its paths. */
  readonly baseUrl: string;
  /** Path parameters, each of the form of an id. */
  readonly params: Readonly<Record<ParameterOf<O['path']>, string>>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
  /** The body as sent, parsed but without defaults: what a repeat is compared with. */
  readonly sent: unknown;
  /** Operations that create: the id of the object, a hash of caller, path and Idempotency-Key. Otherwise ''. */
  readonly objectId: string;
}

export interface Call<O extends Operation> extends ParsedCall<O> {
  /** The tenant and mode of the caller. A defect where an operator calls, who belongs to none. */
  readonly scope: TenantScope;
  /** What commits record of this call, in the caller's scope or in the one that an operator acts upon. */
  auditContext(scope?: TenantScope): Promise<AuditContext>;
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

export type Handler<O extends Operation, P> = (call: Call<O>, ports: P) => Promise<Answer>;

/** What every handler is given: the pipeline itself seals and writes audit entries with it. */
export interface HandlerPorts {
  readonly platform: Platform;
  /** Of the tenant's records. */
  readonly keyring: Keyring;
}

export const read = (body: string): Answer => ({ body, outcome: 'read' });
export const committed = (body: string): Answer => ({ body, outcome: 'committed' });
export const unchanged = (body: string): Answer => ({ body, outcome: 'unchanged' });
