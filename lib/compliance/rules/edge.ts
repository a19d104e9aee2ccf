// The web ACL in front of the API: managed rules, rates by address and by credential, and a log that is redacted before it
// is written.

import { ingressPathShape } from '../../derive/ingress.ts';
import { type Json, listed, ofType, type Rule, unless } from '../rule.ts';

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

export const edge: readonly Rule[] = [
  {
    id: 'Strongroom-WAF1',
    types: ['AWS::WAFv2::WebACL'],
    promises: ['NET-2', 'API-2', 'PCI-1'],
    statement:
      'The web ACL has AWS’s managed rules (those that read bodies on every path but the ingress), rate limits by address and by credential, and stores no samples of requests.',
    check: ({ name, p }, zone) => {
      const rules: Json[] = listed(p.Rules);
      const groups = rules.filter(({ OverrideAction }) => OverrideAction?.None !== undefined);
      const rates = rules
        .filter(({ Action }) => Action?.Block !== undefined)
        .map(({ Statement }) => Statement?.RateBasedStatement);
      return [
        ...unless(
          ofType(zone, 'AWS::WAFv2::LoggingConfiguration').some((log) => log.p.ResourceArn === `${name}.Arn`),
          'it has no log',
        ),
        ...managed
          .filter((name) => !groups.some(({ Statement }) => Statement?.ManagedRuleGroupStatement?.Name === name))
          .map((name) => `${name} is missing, or only counts`),
        ...groups
          .map(({ Statement }) => Statement?.ManagedRuleGroupStatement)
          .filter((group) => !isWhole(group ?? {}))
          .map((group) => `${group.Name} exempts more than the ingress`),
        ...['IP', 'CUSTOM_KEYS']
          .filter(
            (kind) => !rates.some((rate) => rate?.AggregateKeyType === kind && rate.ScopeDownStatement === undefined),
          )
          .map((kind) => `no rate limit is by ${kind}`),
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
    statement: 'The API’s stage stands behind the zone’s web ACL.',
    check: (_, zone) =>
      unless(
        ofType(zone, 'AWS::WAFv2::WebACLAssociation').some(
          ({ p }) => p.WebACLArn === 'edge/web-acl.Arn' && /\/restapis\/api\/api\/stages\/\S+$/.test(p.ResourceArn),
        ),
        'no web ACL is associated with it',
      ),
  },
];
