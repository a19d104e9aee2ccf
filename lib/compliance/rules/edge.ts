// The web ACL in front of the API: managed rules, rates by address and by credential, and a log that is redacted before it
// is written.

import { apiThrottle } from '../../../contract/kernel/limits.ts';
import { authorizationPattern, edgeLimits, edgeWindowSeconds } from '../../derive/edge_limits.ts';
import { ingressPathShape } from '../../derive/ingress.ts';
import { isPromised, type Json, listed, ofType, type Rule, type RuleContext, unless } from '../rule.ts';

const managed = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
];

/** The one path to which a group's rules may not apply, of groups that read bodies. */
const notAtIngress = JSON.stringify({
  NotStatement: {
    Statement: {
      RegexMatchStatement: {
        FieldToMatch: { UriPath: {} },
        RegexString: ingressPathShape,
        TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      },
    },
  },
});
const readsBodies = ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'];

const isWhole = ({ Name, ScopeDownStatement: scope }: Json): boolean =>
  scope === undefined || (readsBodies.includes(Name) && JSON.stringify(scope) === notAtIngress);

const redacted = ['{"SingleHeader":{"Name":"authorization"}}', '{"UriPath":{}}', '{"QueryString":{}}'];

/** What a managed group may only count; every other rule of it is in force. */
const counted: Readonly<Record<string, string>> = {
  AWSManagedRulesCommonRuleSet: '[{"ActionToUse":{"Count":{}},"Name":"SizeRestrictions_BODY"}]',
};

const groupFaults = (rule: Json): readonly string[] => {
  const group = rule.Statement?.ManagedRuleGroupStatement;
  const overrides = listed(group?.RuleActionOverrides);
  const excluded = listed(group?.ExcludedRules);
  return [
    ...unless(group?.VendorName === 'AWS' && managed.includes(group?.Name), `${rule.Name} is none of AWS’s groups`),
    ...unless(rule.OverrideAction?.None !== undefined, `${rule.Name} only counts`),
    ...unless(isWhole(group ?? {}), `${rule.Name} exempts more than the ingress`),
    ...unless(
      excluded.length === 0 && (overrides.length === 0 || sorted(overrides) === counted[group?.Name]),
      `${rule.Name} has rules that only count`,
    ),
  ];
};

/** Order of names says nothing. */
const sorted = (value: Json): string =>
  JSON.stringify(value, (_, each: Json) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

/** Every kind of bound, with the most that it may let through. */
const bounds: readonly [kind: string, limit: number, holds: (rate: Json, zone: RuleContext) => boolean][] = [
  ['address', edgeLimits.requestsPerAddress, (rate) => rate.AggregateKeyType === 'IP' && isOfAll(rate)],
  ['credential', edgeLimits.requestsPerCredential, (rate) => rate.AggregateKeyType === 'CUSTOM_KEYS' && isOfAll(rate)],
  [
    'address without a credential',
    edgeLimits.requestsPerAnonymousAddress,
    (rate, zone) => rate.AggregateKeyType === 'IP' && isOfStrangers(rate, zone),
  ],
  [
    'all addresses without a credential',
    edgeLimits.requestsOfAnonymous,
    (rate, zone) => rate.AggregateKeyType === 'CONSTANT' && isOfStrangers(rate, zone),
  ],
];
/** Of the contract itself, whatever the bounds are derived to be: more than all callers together bounds nobody. */
const mostRequests = apiThrottle.requestsPerSecond * edgeWindowSeconds;

const isOfAll = (rate: Json): boolean => rate.ScopeDownStatement === undefined;
const isOfStrangers = (rate: Json, { deployment }: RuleContext): boolean =>
  JSON.stringify(rate.ScopeDownStatement ?? null).includes(JSON.stringify(authorizationPattern(deployment.zone)));

export const edge: readonly Rule[] = [
  {
    id: 'Strongroom-WAF1',
    types: ['AWS::WAFv2::WebACL'],
    promises: ['NET-2', 'API-2', 'PCI-1'],
    statement:
      'The web ACL has AWS’s managed rules, all in force but one (those that read bodies on every path but the ingress), blocks above the bounds of the contract by address and by credential, lets nothing pass before them, and stores no samples of requests.',
    check: ({ name, p }, zone) => {
      const rules: Json[] = listed(p.Rules);
      const isRate = ({ Statement }: Json): boolean => Statement?.RateBasedStatement !== undefined;
      const groups = rules.filter((rule) => !isRate(rule));
      const rates = rules.filter(isRate);
      const blocking: Json[] = rates
        .filter(({ Action }) => Action?.Block !== undefined)
        .map(({ Statement }) => Statement.RateBasedStatement)
        .filter(({ EvaluationWindowSec }) => EvaluationWindowSec === edgeWindowSeconds);
      return [
        ...unless(
          ofType(zone, 'AWS::WAFv2::LoggingConfiguration').some((log) => log.p.ResourceArn === `${name}.Arn`),
          'it has no log',
        ),
        ...managed
          .filter((each) => !groups.some(({ Statement }) => Statement?.ManagedRuleGroupStatement?.Name === each))
          .map((each) => `${each} is missing`),
        ...groups.flatMap(groupFaults),
        ...rates
          .filter(({ Action }) => Action?.Block === undefined)
          .map(({ Name }) => `${Name} refuses nothing above its bound`),
        ...bounds
          .filter(([, limit, holds]) => !blocking.some((rate) => holds(rate, zone) && rate.Limit <= limit))
          .map(([kind, limit]) => `nothing blocks one ${kind} above ${limit} requests per ${edgeWindowSeconds} s`),
        ...rates
          .filter(({ Statement }) => !(Statement.RateBasedStatement.Limit <= mostRequests))
          .map(({ Name }) => `${Name} lets through more than the API takes`),
        ...[p, ...rules]
          .filter(({ VisibilityConfig }) => VisibilityConfig?.SampledRequestsEnabled !== false)
          .map(({ Name }) => `samples are stored of ${Name}`),
      ];
    },
  },
  {
    id: 'Strongroom-WAF2',
    types: ['AWS::WAFv2::LoggingConfiguration'],
    promises: ['AUD-1', 'PCI-1'],
    statement: 'The web ACL’s log goes to the zone’s group, without path, query and credential.',
    check: ({ p }) => {
      const fields = listed(p.RedactedFields).map((field) => JSON.stringify(field));
      return [
        ...redacted.filter((field) => !fields.includes(field)).map((field) => `${field} is not redacted`),
        ...unless(
          listed(p.LogDestinationConfigs).every((group) => /:log-group:aws-waf-logs-strongroom-/.test(group)),
          'it goes elsewhere',
        ),
      ];
    },
  },
  {
    id: 'Strongroom-WAF3',
    types: ['AWS::WAFv2::WebACLAssociation', 'AWS::ApiGateway::Stage'],
    promises: ['NET-2'],
    statement:
      'The API’s stage stands behind the zone’s web ACL; in a sandbox, which has none, behind its throttle alone.',
    check: (_, zone) =>
      unless(
        !isPromised(zone, 'NET-2') ||
          ofType(zone, 'AWS::WAFv2::WebACLAssociation').some(
            ({ p }) => p.WebACLArn === 'edge/web-acl.Arn' && /\/restapis\/api\/api\/stages\/\S+$/.test(p.ResourceArn),
          ),
        'no web ACL is associated with it',
      ),
  },
];
