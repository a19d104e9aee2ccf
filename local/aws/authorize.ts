// The single point at which every call to AWS is allowed or refused, before it is dispatched.
// Absence never means trust: a principal that no rule allows is refused.

import { accessDenied } from './error.ts';
import type { Principal } from './principals.ts';

/** What a call asks for; a call that touches several tables asks several times. */
export interface Access {
  /** IAM action, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** IAM condition keys of the request. */
  readonly conditionKeys: Readonly<Record<string, readonly string[]>>;
}

export type Authorize = (
  principal: Principal,
  action: string,
  resource: string,
  conditionKeys: Access['conditionKeys'],
) => void;

const regionOf = (arn: string): string | undefined => arn.split(':')[3];

/**
 * Holds functions to the region of their zone. The synthesized policies are not evaluated yet: they will be, here.
 */
export const authorize: Authorize = (principal, action, resource) => {
  if (principal.kind === 'deployer') return;
  if (principal.kind === 'function' && regionOf(resource) === principal.region) return;
  throw accessDenied(principal.arn, action, resource, 'the resource is outside the zone of the function');
};
