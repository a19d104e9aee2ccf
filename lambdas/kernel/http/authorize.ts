// Who may call what. The authorizer says who calls and with which verdict; only `ok` proceeds, and only to operations that
// are open to this kind of caller and whose scopes it holds.

import * as v from 'valibot';
import type { Operation } from '../../../contract/capabilities.ts';
import { refusedVerdicts } from '../../../contract/kernel/errors.ts';
import { actorKinds, modes } from '../../../contract/kernel/roles.ts';
import { type Scope, scopes } from '../../../contract/kernel/vocabulary.ts';
import { type ZoneName, zones } from '../../../contract/kernel/zones.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Identity } from '../operation/call.ts';
import type { Config } from '../platform/config.ts';
import type { Middleware } from './exchange.ts';

/** Verdicts on the mere form of a credential. */
export const unverified: readonly Verdict[] = ['wrong_environment', 'wrong_zone'];

export type Verdict = 'ok' | (typeof refusedVerdicts)[number];

/** API Gateway passes strings, numbers and booleans; ours are strings, empty where there is nothing to say. */
export const AuthorizerContext = v.object({
  verdict: v.picklist(['ok', ...refusedVerdicts]),
  actor_kind: v.picklist(actorKinds),
  actor_id: v.pipe(v.string(), v.minLength(1)),
  tenant: v.string(),
  mode: v.picklist(['', ...modes]),
  scopes: v.string(),
  zone: v.string(),
});

export type AuthorizerContext = v.InferOutput<typeof AuthorizerContext>;

export const authorize = (operation: Operation, config: Config): Middleware => ({
  before: ({ event, internal }) => {
    const parsed = v.safeParse(AuthorizerContext, event.requestContext.authorizer ?? {});
    if (!parsed.success) throw new Refusal('credentials_invalid');
    const context = parsed.output;
    // A caller that is recognised is recorded, refused or not. A key of elsewhere is not: its secret was never checked, so
    // anybody could have made it up.
    const identity = identityOf(context);
    if (!unverified.includes(context.verdict)) internal.identity = identity;
    if (context.verdict !== 'ok') {
      const zone = Object.hasOwn(zones, context.zone) ? (context.zone as ZoneName) : undefined;
      const baseUrl = context.verdict === 'wrong_zone' && zone ? config.baseUrl(zone) : undefined;
      throw new Refusal(context.verdict, { baseUrl });
    }
    if (!operation.actors.includes(identity.actor.kind)) throw new Refusal('actor_not_allowed');
    const holds = operation.scopes.every((scope) => identity.scopes.includes(scope));
    // A payer holds no scopes: each of its operations asks for its payment's own secret.
    const needsNone = identity.actor.kind === 'operator' || identity.actor.kind === 'payer';
    if (!needsNone && !holds) {
      throw new Refusal('scope_missing', { requiredScopes: operation.scopes });
    }
  },
});

const identityOf = (context: AuthorizerContext): Identity => ({
  actor: { kind: context.actor_kind, id: context.actor_id },
  onBehalfOf: null,
  tenant: context.tenant === '' ? null : context.tenant,
  mode: context.mode === '' ? null : context.mode,
  scopes: context.scopes.split(' ').filter((scope): scope is Scope => (scopes as readonly string[]).includes(scope)),
});
