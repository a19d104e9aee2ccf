// The single point at which every call to AWS is allowed or refused before it is dispatched, under the policies that the
// templates give the caller's role. A principal that no policy allows is refused.

import type { Access, ConditionKeys } from '../endpoint/access.ts';
import { accessDenied } from '../endpoint/error.ts';
import type { Actor, ZonePolicies } from './policies.ts';
import type { Principal } from './principals.ts';

/** Throws AWS's AccessDeniedException unless the principal may do it. */
export type Authorize = (principal: Principal, access: Access) => void;

export interface Authority {
  readonly authorize: Authorize;
  /** From now on these policies apply to the functions of this region. */
  govern(region: string, policies: ZonePolicies): void;
  /** Whether the actor may do all of it; a refusal is reported. For what AWS does in a role's name. */
  permits(region: string, actor: Actor, accesses: readonly Access[]): boolean;
}

export interface AuthorityOptions {
  /** Called for each refusal. */
  readonly refused: (actorName: string, message: string) => void;
}

export type FunctionPrincipal = Extract<Principal, { kind: 'function' }>;

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** What is known of a role's session, whatever it asks for (IAM user guide, "AWS global condition context keys"). */
export const roleActor = (roleArn: string, session: string, region: string): Actor => ({
  asker: { kind: 'role', arn: roleArn, account: accountOf(roleArn) },
  name: session,
  keys: {
    'aws:PrincipalArn': [roleArn],
    'aws:PrincipalAccount': [accountOf(roleArn)],
    'aws:PrincipalIsAWSService': ['false'],
    'aws:RequestedRegion': [region],
    // Loopback replaces TLS here.
    'aws:SecureTransport': ['true'],
    'kms:CallerAccount': [accountOf(roleArn)],
  },
});

export const serviceActor = (service: string, region: string, keys: ConditionKeys = {}): Actor => ({
  asker: { kind: 'service', name: service },
  name: service,
  keys: {
    'aws:PrincipalIsAWSService': ['true'],
    'aws:RequestedRegion': [region],
    'aws:SecureTransport': ['true'],
    ...keys,
  },
});

/** The code of a function: Lambda itself, acting under the same role, does not bear the function's ARN. */
export const codeActor = ({ roleArn, arn, region, functionArn, inVpc }: FunctionPrincipal): Actor => {
  const session = roleActor(roleArn, arn, region);
  return { ...session, keys: { ...session.keys, 'lambda:SourceFunctionArn': [functionArn] }, inVpc };
};

interface Actors {
  readonly code: Actor;
  readonly service: Actor;
}

export const createAuthority = ({ refused }: AuthorityOptions): Authority => {
  const zones = new Map<string, ZonePolicies>();
  const known = new WeakMap<Principal, Actors>();

  const actorsOf = (principal: FunctionPrincipal): Actors => {
    const found = known.get(principal);
    if (found !== undefined) return found;
    const service = roleActor(principal.roleArn, principal.arn, principal.region);
    const actors = { code: codeActor(principal), service };
    known.set(principal, actors);
    return actors;
  };

  return {
    govern: (region, policies) => void zones.set(region, policies),
    authorize(principal, access) {
      if (principal.kind === 'deployer') return;
      const actors = actorsOf(principal);
      const policies = zones.get(principal.region);
      const { action, resource } = access;
      const error =
        policies === undefined
          ? accessDenied(
              principal.arn,
              action,
              resource,
              `because no identity-based policy allows the ${action} action`,
            )
          : policies.refusal(access.byService ? actors.service : actors.code, access);
      if (error === undefined) return;
      refused(principal.arn, error.message);
      throw error;
    },
    permits(region, actor, accesses) {
      for (const access of accesses) {
        const error = zones.get(region)?.refusal(actor, access);
        if (error === undefined && zones.has(region)) continue;
        refused(actor.name, error?.message ?? `${actor.name}: no zone of ${region} runs here.`);
        return false;
      }
      return true;
    },
  };
};
