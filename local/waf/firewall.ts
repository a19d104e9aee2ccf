// AWS WAF in front of an API: rate-based rules and what the managed groups say about the form of requests, in the order of their
// priorities. What those groups know of attackers and attacks is AWS's own, and nothing here stands for it.

import type { ManagedGroup, Statement, WebAcl } from './model.ts';

export interface Inspected {
  /** As sent. */
  readonly path: string;
  /** As sent, without its question mark. */
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
}

export type Verdict =
  | { readonly kind: 'allowed' }
  /** The gateway answers. */
  | { readonly kind: 'filtered' }
  /** The rule answers by itself. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

export type Firewall = (request: Inspected) => Verdict;

const headerOf = ({ headers }: Inspected, name: string): string | undefined =>
  headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];

const transformed = (text: string, transformations: readonly { readonly Type: string }[]): string =>
  transformations.some(({ Type }) => Type === 'LOWERCASE') ? text.toLowerCase() : text;

function matches(statement: Statement, request: Inspected): boolean {
  if ('AndStatement' in statement) return statement.AndStatement.Statements.every((each) => matches(each, request));
  if ('NotStatement' in statement) return !matches(statement.NotStatement.Statement, request);
  const { RegexString, FieldToMatch, TextTransformations } = statement.RegexMatchStatement;
  const text = 'UriPath' in FieldToMatch ? request.path : headerOf(request, FieldToMatch.SingleHeader.Name);
  return text !== undefined && new RegExp(RegexString).test(transformed(text, TextTransformations));
}

/** Rules of AWSManagedRulesCommonRuleSet about form alone (AWS WAF developer guide, "Baseline rule groups", read 2026-11). */
const formRules: Readonly<Record<string, (request: Inspected) => boolean>> = {
  NoUserAgent_HEADER: (request) => (headerOf(request, 'user-agent') ?? '') === '',
  SizeRestrictions_URIPATH: ({ path }) => Buffer.byteLength(path) > 1_024,
  SizeRestrictions_QUERYSTRING: ({ query }) => Buffer.byteLength(query) > 2_048,
  SizeRestrictions_Cookie_HEADER: (request) => Buffer.byteLength(headerOf(request, 'cookie') ?? '') > 10_240,
};

const isFiltered = (group: ManagedGroup, request: Inspected): boolean =>
  group.Name === 'AWSManagedRulesCommonRuleSet' &&
  (group.ScopeDownStatement === undefined || matches(group.ScopeDownStatement, request)) &&
  Object.entries(formRules).some(
    ([name, filters]) => !group.RuleActionOverrides.some((override) => override.Name === name) && filters(request),
  );

type Rule = WebAcl['Rules'][number];
type RateRule = Extract<Rule, { readonly Action: unknown }>;

/** Counts in windows one after the other, which WAF does more finely, and later: it says that it does not promise when. */
function counter(
  { Statement: { RateBasedStatement: rate } }: RateRule,
  clock: () => number,
): (r: Inspected) => boolean {
  const counts = new Map<string, number>();
  let window = 0;
  const keyOf = (request: Inspected): string | undefined => {
    switch (rate.AggregateKeyType) {
      case 'IP':
        return request.sourceIp;
      case 'CONSTANT':
        return '';
      case 'CUSTOM_KEYS': {
        const values = rate.CustomKeys.map(({ Header }) => headerOf(request, Header.Name));
        // A request that lacks a key is not counted.
        return values.includes(undefined) ? undefined : values.join('\n');
      }
    }
  };
  return (request) => {
    if (rate.ScopeDownStatement !== undefined && !matches(rate.ScopeDownStatement, request)) return false;
    const key = keyOf(request);
    if (key === undefined) return false;
    const now = Math.floor(clock() / (rate.EvaluationWindowSec * 1_000));
    if (now !== window) counts.clear();
    window = now;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count > rate.Limit;
  };
}

const answerOf = ({ CustomResponseBodies }: WebAcl, { Action: { Block } }: RateRule): Verdict => {
  const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = Block.CustomResponse;
  return {
    kind: 'answered',
    status: ResponseCode,
    headers: {
      ...Object.fromEntries(ResponseHeaders.map(({ Name, Value }) => [Name.toLowerCase(), Value])),
      'content-type': 'application/json',
    },
    body: CustomResponseBodies[CustomResponseBodyKey]?.Content ?? '',
  };
};

/** `clock` returns milliseconds. */
export function createFirewall(acl: WebAcl, clock: () => number): Firewall {
  const rules = [...acl.Rules]
    .sort((a, b) => a.Priority - b.Priority)
    .map((rule): ((request: Inspected) => Verdict | undefined) => {
      if ('Action' in rule) {
        const isAbove = counter(rule, clock);
        return (request) => (isAbove(request) ? answerOf(acl, rule) : undefined);
      }
      const group = rule.Statement.ManagedRuleGroupStatement;
      return (request) => (isFiltered(group, request) ? { kind: 'filtered' } : undefined);
    });
  return (request) => {
    for (const rule of rules) {
      const verdict = rule(request);
      if (verdict !== undefined) return verdict;
    }
    return { kind: 'allowed' };
  };
}
