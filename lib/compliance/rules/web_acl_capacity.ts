// How many capacity units a web ACL needs, added up as AWS's developer guide states them for each statement ("AWS WAF web ACL
// capacity units", "Using rule statements", "AWS Managed Rules rule groups list", known by 2026-12, not looked up). A statement that is not listed
// here counts as more than there is, so that it is looked up.

import { type Json, listed } from '../rule.ts';

/** What the price of a web ACL includes; 5,000 are possible. */
export const mostCapacity = 1_500;

const managed: Readonly<Record<string, number>> = {
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesAmazonIpReputationList: 25,
};

const unknown = mostCapacity + 1;
const sum = (units: readonly number[]): number => units.reduce((total, each) => total + each, 0);
const transformed = (transformations: Json): number =>
  10 * listed(transformations).filter(({ Type }) => Type !== 'NONE').length;

function ofStatement(statement: Json): number {
  if (statement === undefined) return 0;
  const [kind = '', body] = Object.entries<Json>(statement)[0] ?? [];
  switch (kind) {
    case 'ManagedRuleGroupStatement':
      return (managed[body.Name] ?? unknown) + ofStatement(body.ScopeDownStatement);
    case 'RateBasedStatement':
      return 2 + 30 * listed(body.CustomKeys).length + ofStatement(body.ScopeDownStatement);
    case 'AndStatement':
    case 'OrStatement':
      return sum(listed(body.Statements).map(ofStatement));
    case 'NotStatement':
      return ofStatement(body.Statement);
    case 'RegexMatchStatement':
      return 3 + transformed(body.TextTransformations);
    case 'SizeConstraintStatement':
      return 1 + transformed(body.TextTransformations);
    default:
      return unknown;
  }
}

export const capacityOf = (rules: readonly Json[]): number => sum(rules.map(({ Statement }) => ofStatement(Statement)));
