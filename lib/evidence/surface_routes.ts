// The part of the surface that callers see: routes, public endpoints, and what the web ACL and the gateway let through.

import { operations } from '../../contract/capabilities.ts';
import { calledName, routeOf } from './routes.ts';
import { type Json, ofType, type Resource, type ZoneTemplates } from './template.ts';

/** API Gateway has no scopes: the pipeline checks them, so they come from the contract, and the line says so. */
const scopesOf = (method: string, path: string): string => {
  const row = operations.find((each) => each.method === method && each.path === path);
  return row === undefined || row.scopes.length === 0 ? 'none' : row.scopes.join(' ');
};

const route = (zone: ZoneTemplates, resource: Resource): string => {
  const { method, path, called } = routeOf(zone, resource);
  const { AuthorizationType, AuthorizerId, ApiKeyRequired } = resource.p;
  const guard =
    AuthorizationType === 'CUSTOM'
      ? `authorizer ${AuthorizerId}`
      : AuthorizationType === 'NONE'
        ? 'public'
        : `${AuthorizationType}`;
  return `route ${method} ${path} | ${guard} | ${ApiKeyRequired === true ? 'counted' : 'not counted'} | function ${calledName(called)} | scopes (contract): ${scopesOf(method, path)}`;
};

const bound = (name: string, { Name, Action, OverrideAction, Statement }: Json): string => {
  const rate = Statement?.RateBasedStatement;
  const group = Statement?.ManagedRuleGroupStatement;
  const what = rate
    ? `${rate.Limit} requests per ${rate.EvaluationWindowSec} s by ${rate.AggregateKeyType}`
    : (group?.Name ?? JSON.stringify(Statement));
  const overrides = [
    ...((group?.RuleActionOverrides ?? []) as Json[]).map(
      (each) => `${each.Name} ${Object.keys(each.ActionToUse ?? {}).join(' ')}`,
    ),
    ...((group?.ExcludedRules ?? []) as Json[]).map((each) => `${each.Name} excluded`),
  ];
  const narrowed = (rate ?? group)?.ScopeDownStatement;
  return `web-acl ${name} | ${Name} | ${Object.keys(Action ?? OverrideAction ?? {}).join(' ')} | ${[
    what,
    ...overrides,
    narrowed === undefined ? 'every request' : `where ${JSON.stringify(narrowed)}`,
  ].join(' | ')}`;
};

export const routeFacts = (zone: ZoneTemplates): string[] => [
  ...ofType(zone, 'AWS::ApiGateway::Method').map((method) => route(zone, method)),
  ...ofType(zone, 'AWS::ApiGateway::Stage').flatMap(({ name, p }) =>
    ((p.MethodSettings ?? []) as Json[]).map(
      (each) =>
        `throttle ${name} | ${each.HttpMethod} ${each.ResourcePath} | ${each.ThrottlingRateLimit ?? 'unbounded'} a second, ${each.ThrottlingBurstLimit ?? 'unbounded'} at once`,
    ),
  ),
  ...ofType(zone, 'AWS::ApiGateway::UsagePlan').map(
    ({ name, p }) =>
      `throttle ${name} | ${p.UsagePlanName} | ${p.Throttle?.RateLimit ?? 'unbounded'} a second, ${p.Throttle?.BurstLimit ?? 'unbounded'} at once`,
  ),
  ...ofType(zone, 'AWS::ApiGateway::Authorizer').map(
    ({ name, p }) =>
      `authorizer ${name} | ${p.Type} | ${p.IdentitySource} | answers cached ${p.AuthorizerResultTtlInSeconds} s`,
  ),
  ...[...ofType(zone, 'AWS::ApiGateway::RestApi'), ...ofType(zone, 'AWS::ApiGateway::DomainName')].map(
    ({ name, p }) =>
      `public-endpoint ${name} | ${p.DomainName ?? (p.DisableExecuteApiEndpoint === true ? 'closed' : 'execute-api')} | ${p.SecurityPolicy ?? 'TLS 1.0'} | ${p.EndpointAccessMode ?? 'BASIC'}`,
  ),
  ...ofType(zone, 'AWS::Lambda::Url').map(({ name, p }) => `public-endpoint ${name} | function URL | ${p.AuthType}`),
  ...ofType(zone, 'AWS::WAFv2::WebACL').flatMap(({ name, p }) =>
    (p.Rules ?? []).map((rule: Json) => bound(name, rule)),
  ),
  ...ofType(zone, 'AWS::WAFv2::WebACLAssociation').map(({ p }) => `web-acl ${p.WebACLArn} | before ${p.ResourceArn}`),
];
