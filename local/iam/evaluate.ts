// Decides whether a request is allowed: an explicit denial wins, and what nothing allows is refused (IAM user guide,
// "Policy evaluation logic"). Only requests inside one account are decided; there is no other one here.

import type { KeyLookup } from './condition_keys.ts';
import type { PolicyStatement, PrincipalPattern } from './document.ts';

export interface Request {
  /** As AWS spells it, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` where AWS knows no resource. */
  readonly resource: string;
  readonly keys: KeyLookup;
}

/** Who asks: a role's session, or a service of AWS in its own name. */
export type Asker =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

export type Decision =
  | 'allowed'
  | 'denied by identity'
  | 'denied by resource'
  | 'denied by endpoint'
  | 'not by identity'
  | 'not by resource'
  | 'not by endpoint';

/** Statements that are found by their action: each action is looked up once, however many statements there are. */
export interface Policy {
  about(action: string): readonly PolicyStatement[];
}

export const createPolicy = (statements: readonly PolicyStatement[]): Policy => {
  const found = new Map<string, readonly PolicyStatement[]>();
  return {
    about(action) {
      const known = found.get(action);
      if (known !== undefined) return known;
      const lower = action.toLowerCase();
      const about = statements
        .filter(({ matchesAction }) => matchesAction(lower))
        // Denials first: the first statement that applies decides.
        .sort((a, b) => Number(b.effect === 'Deny') - Number(a.effect === 'Deny'));
      found.set(action, about);
      return about;
    },
  };
};

const applies = (statement: PolicyStatement, { resource, keys }: Request): boolean =>
  statement.matchesResource(resource) && statement.holds(keys);

const byIdentity = (policy: Policy, request: Request): 'Allow' | 'Deny' | undefined =>
  policy.about(request.action).find((statement) => applies(statement, request))?.effect;

const isMeant = (pattern: PrincipalPattern, asker: Asker): boolean => {
  if (pattern.kind === 'anybody') return true;
  if (pattern.kind === 'service') return asker.kind === 'service' && pattern.name === asker.name;
  if (asker.kind !== 'role') return false;
  return pattern.kind === 'account' ? pattern.account === asker.account : pattern.arn === asker.arn;
};

/** `delegated`: the resource leaves it to the IAM policies of the asker's account. */
const byResource = (policy: Policy, asker: Asker, request: Request): 'Allow' | 'Deny' | 'delegated' | undefined => {
  let delegated: 'delegated' | undefined;
  for (const statement of policy.about(request.action)) {
    const meant = statement.principals.filter((pattern) => isMeant(pattern, asker));
    if (meant.length === 0 || !applies(statement, request)) continue;
    if (statement.effect === 'Deny') return 'Deny';
    if (meant.some(({ kind }) => kind !== 'account')) return 'Allow';
    delegated = 'delegated';
  }
  return delegated;
};

export interface Policies {
  /** Absent: of a service, which has none. */
  readonly identity: Policy | undefined;
  /** Absent: the resource has none. */
  readonly resource: Policy | undefined;
  /** Of the VPC endpoint on the way. Absent: there is none on it, or one that lets everything pass. */
  readonly endpoint?: Policy | undefined;
}

/**
 * A KMS key may be used only if its own policy allows it or delegates to IAM (AWS KMS developer guide, "Key
 * policies in AWS KMS"); of any other resource, either policy is enough for a caller of the same account.
 */
export const decide = ({ identity, resource, endpoint }: Policies, asker: Asker, request: Request): Decision => {
  if (endpoint !== undefined) {
    const passes = byResource(endpoint, asker, request);
    if (passes === 'Deny') return 'denied by endpoint';
    if (passes === undefined) return 'not by endpoint';
  }
  const own = identity && byIdentity(identity, request);
  if (own === 'Deny') return 'denied by identity';
  const its = resource && byResource(resource, asker, request);
  if (its === 'Deny') return 'denied by resource';
  if (its === 'Allow') return 'allowed';
  if (request.action.startsWith('kms:') && its !== 'delegated') return 'not by resource';
  if (asker.kind === 'service') return 'not by resource';
  return own === 'Allow' ? 'allowed' : 'not by identity';
};

/** The end of AWS's sentence about a request that is refused. */
export const because = (decision: Exclude<Decision, 'allowed'>, action: string): string =>
  ({
    'denied by identity': 'with an explicit deny in an identity-based policy',
    'denied by resource': 'with an explicit deny in a resource-based policy',
    'denied by endpoint': 'with an explicit deny in a VPC endpoint policy',
    'not by identity': `because no identity-based policy allows the ${action} action`,
    'not by resource': `because no resource-based policy allows the ${action} action`,
    'not by endpoint': `because no VPC endpoint policy allows the ${action} action`,
  })[decision];
