// A policy document, parsed and compiled once. Closed: an element, principal or wildcard form that is not here is refused
// at boot with its stack and resource named; nothing is ever skipped.

import * as v from 'valibot';
import { UserError } from '../host/user_error.ts';
import { arnMatcher, isArn } from './arn.ts';
import { compileConditions, type Holds } from './conditions.ts';
import { matchesWildcards } from './wildcard.ts';

const TextOrList = v.union([v.pipe(v.string(), v.minLength(1)), v.pipe(v.array(v.string()), v.minLength(1))]);
const Statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: TextOrList,
  Resource: v.optional(TextOrList),
  Condition: v.optional(v.unknown()),
  Principal: v.optional(
    v.union([v.literal('*'), v.strictObject({ AWS: v.optional(TextOrList), Service: v.optional(TextOrList) })]),
  ),
});
const Document = v.strictObject({
  Version: v.literal('2012-10-17', 'Only policies of version 2012-10-17 are evaluated locally'),
  Id: v.optional(v.string()),
  Statement: v.array(Statement),
});

/** Whom a statement of a resource's policy is about. */
export type PrincipalPattern =
  /** Everybody. Only denials and endpoints may say so here. */
  | { readonly kind: 'anybody' }
  /** The account: whom its own IAM policies allow as well. */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'role'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string };

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly matchesAction: (action: string) => boolean;
  readonly matchesResource: (arn: string) => boolean;
  readonly holds: Holds;
  /** Empty in policies of identities. */
  readonly principals: readonly PrincipalPattern[];
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

const actionMatcher = (pattern: string, where: string): ((action: string) => boolean) => {
  if (pattern !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(pattern))
    throw new UserError(`${where}: ${pattern} is no action that is evaluated locally.`);
  // Actions are case-insensitive.
  const wanted = pattern.toLowerCase();
  return (action) => matchesWildcards(wanted, action);
};

const resourceMatcher = (pattern: string, where: string): ((arn: string) => boolean) => {
  if (pattern === '*') return () => true;
  if (pattern.includes('${')) throw new UserError(`${where}: policy variables (${pattern}) are not evaluated locally.`);
  if (!isArn(pattern)) throw new UserError(`${where}: the resource ${pattern} is no ARN.`);
  return arnMatcher(pattern);
};

const awsPrincipal = (text: string, where: string): PrincipalPattern => {
  if (text === '*') return { kind: 'anybody' };
  const [, account, rest] = /^arn:aws:iam::(\d{12}):(root|role\/[\w+=,.@/-]+)$/.exec(text) ?? [];
  if (account !== undefined) return rest === 'root' ? { kind: 'account', account } : { kind: 'role', arn: text };
  if (/^\d{12}$/.test(text)) return { kind: 'account', account: text };
  throw new UserError(`${where}: the principal ${text} is not evaluated locally.`);
};

const principalsOf = (given: v.InferOutput<typeof Statement>['Principal'], where: string): PrincipalPattern[] => {
  if (given === undefined) return [];
  if (given === '*') return [{ kind: 'anybody' }];
  return [
    ...listOf(given.AWS ?? []).map((text) => awsPrincipal(text, where)),
    ...listOf(given.Service ?? []).map((name): PrincipalPattern => ({ kind: 'service', name })),
  ];
};

const anyOf = (matchers: readonly ((text: string) => boolean)[]): ((text: string) => boolean) => {
  const [only] = matchers;
  return only !== undefined && matchers.length === 1 ? only : (text) => matchers.some((matches) => matches(text));
};

/** `trust`: who may assume a role; its only resource is the role. `endpoint`: what may pass a VPC endpoint. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'endpoint';

const compileStatement = (
  statement: v.InferOutput<typeof Statement>,
  kind: PolicyKind,
  where: string,
): PolicyStatement => {
  const principals = principalsOf(statement.Principal, where);
  if (kind === 'identity' && statement.Principal !== undefined)
    throw new UserError(`${where}: the policy of an identity names no Principal.`);
  if (kind !== 'identity' && principals.length === 0) throw new UserError(`${where}: it names no Principal.`);
  if (
    kind !== 'endpoint' &&
    statement.Effect === 'Allow' &&
    principals.some((principal) => principal.kind === 'anybody')
  )
    throw new UserError(`${where}: a statement that allows everybody is not evaluated locally.`);
  if ((kind === 'trust') !== (statement.Resource === undefined))
    throw new UserError(`${where}: it ${kind === 'trust' ? 'names a' : 'names no'} Resource.`);
  return {
    effect: statement.Effect,
    matchesAction: anyOf(listOf(statement.Action).map((each) => actionMatcher(each, where))),
    matchesResource: anyOf(listOf(statement.Resource ?? '*').map((each) => resourceMatcher(each, where))),
    holds: compileConditions(statement.Condition, where),
    principals,
  };
};

/** `where` names stack, resource and policy. */
export const compileDocument = (document: unknown, kind: PolicyKind, where: string): readonly PolicyStatement[] => {
  const parsed = v.safeParse(Document, document);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new UserError(`${where}: not evaluated locally: ${v.getDotPath(issue) ?? 'the policy'}: ${issue.message}`);
  }
  return parsed.output.Statement.map((statement, at) =>
    compileStatement(statement, kind, `${where}, statement ${statement.Sid ?? at + 1}`),
  );
};
