// Who may do what by the policies of templates, and what of it is new. A policy that is text in a template, not JSON, is compared as
// a whole.

import type { Resource } from '../../lib/template.ts';
import { canonical, plainText } from './plain_text.ts';

export interface Right {
  /** The resource that the policy stands in, by its physical name where it has one. */
  readonly holder: string;
  /** What is allowed, as a sentence; the same sentence is the same right. */
  readonly says: string;
  /** It names an action, a resource or a principal by `*` alone, or an action by a part of its name. */
  readonly wildcard: boolean;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly [element: string]: unknown;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Statements, wherever they stand in a resource. */
function* statementsIn(value: unknown): Generator<Statement> {
  if (Array.isArray(value)) for (const each of value) yield* statementsIn(each);
  else if (typeof value === 'object' && value !== null) {
    if ('Effect' in value && ('Action' in value || 'NotAction' in value)) yield value as Statement;
    else for (const each of Object.values(value)) yield* statementsIn(each);
  }
}

const principalOf = ({ Principal, NotPrincipal }: Statement): string => {
  const named = Principal ?? NotPrincipal;
  if (named === undefined) return '';
  const who =
    typeof named === 'object' && named !== null && !Array.isArray(named)
      ? Object.values(named).flatMap(list).map(plainText).join(', ')
      : plainText(named);
  return NotPrincipal === undefined ? `${who} ` : `all but ${who} `;
};

const isWild = (action: string): boolean => action.includes('*');

function rightsIn(holder: string, statement: Statement): Right[] {
  const { Effect, Action, NotAction, Resource: on, NotResource, Condition } = statement;
  const actions = list(Action ?? NotAction).map(
    (action) => `${NotAction === undefined ? '' : 'all but '}${plainText(action)}`,
  );
  const resources = list(on ?? NotResource ?? 'itself').map(
    (each) => `${NotResource === undefined ? '' : 'all but '}${plainText(each)}`,
  );
  const who = principalOf(statement);
  const when = Condition === undefined ? '' : ` if ${canonical(Condition)}`;
  return actions.flatMap((action) =>
    resources.map((resource) => ({
      holder,
      says: `${who}${Effect === 'Deny' ? 'may not' : 'may'} ${action} on ${resource}${when}`,
      wildcard:
        Effect === 'Allow' &&
        (isWild(action) || resource === '*' || who.trim() === '*' || action.startsWith('all but')),
    })),
  );
}

/** Resources that grant in a form of their own. */
function ownForm(holder: string, { Type, Properties = {} }: Resource): Right[] {
  if (Type === 'AWS::Lambda::Permission') {
    const { Principal, FunctionName, Action, ...conditions } = Properties;
    const says = `${plainText(Principal)} may ${Action} on ${plainText(FunctionName)}`;
    const when = Object.keys(conditions).length === 0 ? '' : ` if ${canonical(conditions)}`;
    return [{ holder, says: says + when, wildcard: Principal === '*' }];
  }
  if (Type === 'AWS::Logs::ResourcePolicy')
    return [{ holder, says: `the policy ${plainText(Properties.PolicyDocument)}`, wildcard: false }];
  return list(Properties.ManagedPolicyArns).map((arn) => ({
    holder,
    says: `has the policy ${plainText(arn)}`,
    wildcard: false,
  }));
}

const nameOf = ({ Properties = {} }: Resource, id: string): string => {
  const name = Properties.RoleName ?? Properties.TableName ?? Properties.QueueName ?? Properties.BucketName;
  return typeof name === 'string' ? name : id;
};

export interface Rights {
  readonly allowed: readonly Right[];
  readonly denied: readonly Right[];
}

export function rightsOf(resources: readonly (readonly [string, Resource])[]): Rights {
  const all = resources.flatMap(([id, resource]) => {
    const holder = nameOf(resource, id);
    const statements = [...statementsIn(resource.Properties)];
    return [
      ...statements.flatMap((each) => rightsIn(holder, each).map((right) => ({ right, effect: each.Effect }))),
      ...ownForm(holder, resource).map((right) => ({ right, effect: 'Allow' as const })),
    ];
  });
  const of = (effect: string): Right[] => all.filter((each) => each.effect === effect).map(({ right }) => right);
  return { allowed: of('Allow'), denied: of('Deny') };
}

const keyOf = ({ holder, says }: Right): string => `${holder} ${says}`;
const without = (rights: readonly Right[], others: readonly Right[]): Right[] => {
  const known = new Set(others.map(keyOf));
  const seen = new Set<string>();
  return rights.filter((right) => !known.has(keyOf(right)) && !seen.has(keyOf(right)) && seen.add(keyOf(right)));
};

/** What is allowed that was not, wildcards first, and what is no longer denied. */
export const widened = (before: Rights, after: Rights): Right[] => [
  ...without(after.allowed, before.allowed).sort((a, b) => Number(b.wildcard) - Number(a.wildcard)),
  ...without(before.denied, after.denied).map((right) => ({ ...right, says: `no longer: ${right.says}` })),
];
