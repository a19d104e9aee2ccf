// The edge, as the templates hold it: a web ACL before every public endpoint, whose bounds refuse nobody what tenants are
// promised, and whose log holds nothing that must not be logged.

import { describe, expect, test } from 'vitest';
import { providerNames } from '../../contract/connections/connection.ts';
import { rateClasses, requestsPerSecond } from '../../contract/kernel/rates.ts';
import { ingressUrl } from '../../contract/processor_events/ingress.ts';
import { readAssembly } from '../../lib/evidence/assembly.ts';
import { dressedZones } from './dressed.ts';
import { plain } from './plain.ts';
import { cdkOut, ofType, only, type Resource, synthesized, type Zone } from './templates.ts';

type Properties = Resource['Properties'];

const { zones } = synthesized();
const every: readonly Zone[] = [...zones, ...dressedZones()];
const aclOf = (zone: Zone): Properties => only(ofType(zone.edge, 'AWS::WAFv2::WebACL'))[1].Properties;
const ruleOf = (zone: Zone, name: string): Properties =>
  only(aclOf(zone).Rules.filter((rule: Properties) => rule.Name === name));
const boundOf = (zone: Zone, name: string): Properties => ruleOf(zone, name).Statement.RateBasedStatement;
const bounds = ['anonymous', 'anonymous-together', 'processors', 'credentials', 'addresses'];

/** What tells the ingress from all else. */
const atIngress = (zone: Zone): Properties => boundOf(zone, 'processors').ScopeDownStatement;

/** Requests a second that one tenant is promised, all classes together. */
const promised = rateClasses.reduce((sum, rateClass) => sum + requestsPerSecond[rateClass], 0);

describe('the web ACL', () => {
  test('[NET-2] stands before the stage of every API', () => {
    for (const zone of every) {
      const associations = ofType(zone.api, 'AWS::WAFv2::WebACLAssociation').map(([, { Properties }]) => Properties);
      const stages = ofType(zone.api, 'AWS::ApiGateway::Stage').map(
        ([id, { Properties }]) => `/restapis/api:${Properties.RestApiId.Ref}/stages/api:${id}`,
      );
      expect(associations).toHaveLength(1);
      expect(associations.map(({ ResourceArn }) => String(plain(zone, 'api', ResourceArn)).split('::')[1])).toEqual(
        stages,
      );
      expect(plain(zone, 'api', associations[0].WebACLArn)).toMatch(/^edge:\w+\.Arn$/);
      expect(aclOf(zone).Scope).toBe('REGIONAL');
    }
  });

  test('[NET-2] has AWS’s managed rules, in force but for one, which knows other bodies than ours', () => {
    for (const zone of every) {
      const managed = aclOf(zone).Rules.flatMap((rule: Properties) =>
        rule.Statement.ManagedRuleGroupStatement === undefined ? [] : [rule],
      );
      expect(managed.map((rule: Properties) => rule.Name).sort()).toEqual([
        'AWSManagedRulesAmazonIpReputationList',
        'AWSManagedRulesCommonRuleSet',
        'AWSManagedRulesKnownBadInputsRuleSet',
      ]);
      const overrides = managed.flatMap(({ OverrideAction, Statement }: Properties) => {
        expect(OverrideAction).toEqual({ None: {} });
        return Statement.ManagedRuleGroupStatement.RuleActionOverrides ?? [];
      });
      expect(overrides).toEqual([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
      expect(aclOf(zone).AssociationConfig).toEqual({
        RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } },
      });
    }
  });

  test('[NET-2] bounds requests by address and by credential', () => {
    for (const zone of every) {
      expect(
        aclOf(zone)
          .Rules.map((rule: Properties) => rule.Name)
          .slice(0, bounds.length),
      ).toEqual(bounds);
      expect(boundOf(zone, 'anonymous').AggregateKeyType).toBe('IP');
      expect(boundOf(zone, 'processors').AggregateKeyType).toBe('IP');
      expect(boundOf(zone, 'addresses').AggregateKeyType).toBe('IP');
      expect(boundOf(zone, 'credentials').CustomKeys.map(({ Header }: Properties) => Header.Name)).toEqual([
        'authorization',
      ]);
      for (const name of bounds) expect(ruleOf(zone, name).Action.Block.CustomResponse.ResponseCode).toBe(429);
    }
  });

  test('[API-2] strangers together leave callers with keys most of what the API takes', () => {
    for (const zone of every) {
      const { AggregateKeyType, Limit, EvaluationWindowSec } = boundOf(zone, 'anonymous-together');
      const all = only(ofType(zone.api, 'AWS::ApiGateway::Stage'))[1].Properties.MethodSettings.find(
        ({ ResourcePath }: Properties) => ResourcePath === '/*',
      );
      expect(AggregateKeyType).toBe('CONSTANT');
      expect(Limit).toBeLessThanOrEqual((all.ThrottlingRateLimit * EvaluationWindowSec) / 5);
    }
  });

  test('[API-2] an address that makes up credentials has no more than one tenant', () => {
    for (const zone of every) expect(boundOf(zone, 'addresses').Limit).toBe(boundOf(zone, 'credentials').Limit);
  });

  test('[API-2] no bound refuses a tenant what its own limits allow', () => {
    for (const zone of every) {
      for (const name of ['credentials', 'addresses']) {
        const { Limit, EvaluationWindowSec } = boundOf(zone, name);
        expect(Limit, name).toBeGreaterThan(promised * EvaluationWindowSec);
      }
    }
  });

  const id = 'a2'.repeat(13);
  const secret = 'b3'.repeat(23);
  test.each([
    [`Bearer sk_live_{zone}_${id}_${secret}`, true],
    [`bearer sk_test_{zone}_${id}_${secret}`, true],
    [`BEARER ok_{zone}_${id}_${secret}`, true],
    [`Bearer sk_live_moon_${id}_${secret}`, false],
    [`Bearer sk_live_{other}_${id}_${secret}`, false],
    [`Bearer sk_{zone}_${id}_${secret}`, false],
    [`Bearer sk_live_{zone}_${id}_${secret.slice(1)}`, false],
    [`Bearer sk_live_{zone}_${id}_${secret}b`, false],
    [`Bearer sk_live_{zone}_${id.slice(1)}_${secret}`, false],
    [`Bearer sk_live_{zone}_${id}_${secret.replace('b', '1')}`, false],
    [` Bearer sk_live_{zone}_${id}_${secret}`, false],
    ['Bearer sk_x', false],
    ['Bearer sk_live_{zone}_abcdefghijklmnopqrstuvwxyz_secret', false],
    ['Basic dXNlcjpwYXNz', false],
    ['Bearer eyJhbGciOiJIUzI1NiJ9', false],
    ['', false],
  ])('[NET-2] only a credential of the whole form is one (“%s”: %s); a stranger has little', (form, known) => {
    for (const zone of every) {
      const name = zone.zone;
      const header = form.replace('{zone}', name).replace('{other}', name === 'us' ? 'eu' : 'us');
      const { ScopeDownStatement, Limit } = boundOf(zone, 'anonymous');
      expect(boundOf(zone, 'anonymous-together').ScopeDownStatement).toEqual(ScopeDownStatement);
      const [notKnown, notIngress] = ScopeDownStatement.AndStatement.Statements;
      expect(notIngress).toEqual({ NotStatement: { Statement: atIngress(zone) } });
      const { RegexString, FieldToMatch, TextTransformations } = notKnown.NotStatement.Statement.RegexMatchStatement;
      expect(FieldToMatch).toEqual({ SingleHeader: { Name: 'authorization' } });
      expect(TextTransformations).toEqual([{ Priority: 0, Type: 'LOWERCASE' }]);
      expect(new RegExp(RegexString).test(header.toLowerCase())).toBe(known);
      expect(Limit).toBeLessThanOrEqual(1_000);
    }
  });

  test('[NET-3] [API-3] a bound answers with a problem of the catalogue, HSTS, and when to come back', () => {
    for (const zone of every) {
      const { CustomResponseBodies } = aclOf(zone);
      for (const name of bounds) {
        const { CustomResponseBodyKey, ResponseHeaders } = ruleOf(zone, name).Action.Block.CustomResponse;
        const { ContentType, Content } = CustomResponseBodies[CustomResponseBodyKey];
        expect(ContentType).toBe('APPLICATION_JSON');
        expect(JSON.parse(Content)).toMatchObject({ code: 'rate_limited', status: 429, title: expect.any(String) });
        const headers = Object.fromEntries(ResponseHeaders.map(({ Name, Value }: Properties) => [Name, Value]));
        expect(headers).toMatchObject({
          'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
          'Cache-Control': 'no-store',
        });
        expect(Number(headers['Retry-After'])).toBe(boundOf(zone, name).EvaluationWindowSec);
      }
    }
  });

  test('[API-3] what a managed rule refuses is answered by the gateway, which knows the request’s id', () => {
    for (const zone of every) {
      for (const rule of aclOf(zone).Rules) {
        if (rule.Statement.ManagedRuleGroupStatement) expect(JSON.stringify(rule)).not.toContain('CustomResponse');
      }
    }
  });
});

describe('the ingress, at the edge', () => {
  const address = ingressUrl('https://api.example.com/v1', 'stripe', `conn_us_${'a2'.repeat(13)}`);
  const path = new URL(address).pathname;
  const isExempt = (zone: Zone, asked: string): boolean =>
    new RegExp(atIngress(zone).RegexMatchStatement.RegexString).test(asked);

  test('[API-2] processors, who have few addresses and no key of ours, are no strangers there: they have the half of what the route takes', () => {
    for (const zone of every) {
      const { Limit, EvaluationWindowSec } = boundOf(zone, 'processors');
      expect(Limit).toBe(500 * EvaluationWindowSec);
      expect(Limit).toBeGreaterThan(10 * boundOf(zone, 'anonymous').Limit);
    }
  });

  test('[PAY-2] what a payer wrote keeps no notification from us: rules about bodies stop before it, and nowhere else', () => {
    for (const zone of every) {
      const notAtIngress = { NotStatement: { Statement: atIngress(zone) } };
      for (const name of ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet']) {
        expect(ruleOf(zone, name).Statement.ManagedRuleGroupStatement.ScopeDownStatement).toEqual(notAtIngress);
      }
      const reputation = ruleOf(zone, 'AWSManagedRulesAmazonIpReputationList').Statement.ManagedRuleGroupStatement;
      expect(reputation.ScopeDownStatement).toBeUndefined();
    }
  });

  test('[NET-2] its path is told apart with the stage’s name before it and without, as it was sent', () => {
    for (const zone of every) {
      const { FieldToMatch, TextTransformations } = atIngress(zone).RegexMatchStatement;
      expect(FieldToMatch).toEqual({ UriPath: {} });
      expect(TextTransformations).toEqual([{ Priority: 0, Type: 'NONE' }]);
      for (const provider of providerNames) {
        const asked = path.replace('stripe', provider);
        expect(isExempt(zone, asked)).toBe(true);
        expect(isExempt(zone, `/api${asked}`)).toBe(true);
      }
    }
  });

  test.each([
    '/v1/payments',
    '/v1/ingress',
    '/v1/ingress/stripe',
    `${path}/`,
    `${path}/x`,
    `${path}\n`,
    `${path}%2f..%2f..%2fpayments`,
    '/v1/ingress/../payments',
    '/v1/ingress/../../v1/payments',
    '/v1/ingress/stripe/../payments',
    `/x${path}`,
    `/api/api${path}`,
    path.replace('/v1', '/V1'),
    path.replace('ingress', '%69ngress'),
    `//v1${path.slice(3)}`,
  ])('[NET-2] nothing else is exempt: %j', (asked) => {
    for (const zone of every) expect(isExempt(zone, asked)).toBe(false);
  });
});

describe('the edge log', () => {
  test('[NET-2] [AUD-4] [ENC-1] holds every request, in the zone, encrypted, for a year', () => {
    for (const zone of every) {
      const [, log] = only(ofType(zone.edge, 'AWS::WAFv2::LoggingConfiguration'));
      const [, group] = only(ofType(zone.edge, 'AWS::Logs::LogGroup'));
      expect(group.Properties).toMatchObject({
        LogGroupName: `aws-waf-logs-strongroom-${zone.stage}-${zone.zone}`,
        RetentionInDays: 365,
      });
      expect(plain(zone, 'edge', group.Properties.KmsKeyId)).toMatch(/^keys:keydata\w+\.Arn$/);
      const [destination] = plain(zone, 'edge', log.Properties.LogDestinationConfigs) as string[];
      expect(destination).toMatch(new RegExp(`:log-group:${group.Properties.LogGroupName}$`));
      expect(log.Properties.LoggingFilter).toBeUndefined();
      expect(plain(zone, 'edge', log.Properties.ResourceArn)).toMatch(/^edge:webacl\.Arn$/);
    }
  });

  test('[PCI-1] holds no path, query or credential, and no samples are kept beside it', () => {
    for (const zone of every) {
      const [, log] = only(ofType(zone.edge, 'AWS::WAFv2::LoggingConfiguration'));
      expect(log.Properties.RedactedFields).toEqual([
        { SingleHeader: { Name: 'authorization' } },
        { UriPath: {} },
        { QueryString: {} },
      ]);
      expect(JSON.stringify(aclOf(zone))).not.toContain('"SampledRequestsEnabled":true');
      expect(aclOf(zone).VisibilityConfig.SampledRequestsEnabled).toBe(false);
    }
  });

  test('[AUD-4] only this account’s log delivery may write it', () => {
    for (const zone of zones) {
      expect(ofType(zone.edge, 'AWS::Logs::ResourcePolicy')).toEqual([]);
      const shared = readAssembly(cdkOut).find(({ id }) => id === `${zone.stage}-${zone.zone}`);
      const policies =
        shared?.resources.filter(
          ({ type, name }) => type === 'AWS::Logs::ResourcePolicy' && !name.startsWith('recovery/'),
        ) ?? [];
      const statement = only<Properties>(JSON.parse(only(policies).p.PolicyDocument).Statement);
      expect(statement).toMatchObject({ Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' } });
      expect(statement.Condition.StringEquals).toEqual({ 'aws:SourceAccount': '<account>' });
      expect(statement.Resource).toMatch(/:log-group:aws-waf-logs-strongroom-\*:\*$/);
      const group = only(ofType(zone.edge, 'AWS::Logs::LogGroup'))[1].Properties.LogGroupName;
      expect(group).toBe(`aws-waf-logs-strongroom-${zone.stage}-${zone.zone}`);
    }
  });
});
