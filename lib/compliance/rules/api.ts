// Access to the API: TLS 1.3 alone, and one authorizer without a cache before every method but the public pages and the
// ingress, where processors sign.

import { operations } from '../../../contract/capabilities.ts';
import { otherMethods, pages } from '../../../contract/docs/pages.ts';
import { apiThrottle } from '../../../contract/kernel/limits.ts';
import { ingress } from '../../../contract/processor_events/ingress.ts';
import { ingressThrottle } from '../../../contract/processor_events/limits.ts';
import { authorizerName, functionPath } from '../../derive/function_stack.ts';
import { profileOf } from '../../derive/profile.ts';
import { invokedAt, routeOf } from '../../evidence/routes.ts';
import { isPromised, type Json, ofType, type Rule, unless } from '../rule.ts';

const tls13 = (p: Json): readonly string[] => [
  ...unless(/^SecurityPolicy_TLS13_1_3_/.test(p.SecurityPolicy), `it speaks ${p.SecurityPolicy ?? 'TLS 1.0'} too`),
  ...unless(p.EndpointAccessMode === 'STRICT', 'it answers to other server names than its own'),
];

const limitOf = (settings: readonly Json[], path: string, method: string): Json =>
  settings.find(({ ResourcePath, HttpMethod }) => ResourcePath === path && HttpMethod === method)?.ThrottlingRateLimit;

const isAbove = (bound: unknown, limit: unknown): boolean =>
  typeof limit === 'number' && typeof bound === 'number' && limit > 0 && limit < bound;

export const api: readonly Rule[] = [
  {
    id: 'Strongroom-API1',
    types: ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainName'],
    promises: ['NET-3'],
    statement: 'A public endpoint speaks TLS 1.3 alone, to its own name alone.',
    check: ({ p }) => tls13(p),
  },
  {
    id: 'Strongroom-API2',
    types: ['AWS::ApiGateway::Method'],
    promises: ['API-1'],
    statement:
      'Every method stands behind the authorizer, but those of contract/docs/pages.ts, whose function may do nothing else, and the one of contract/processor_events/ingress.ts, whose function verifies the processor’s signature.',
    check: (resource, zone) => {
      const { method, path, served } = routeOf(zone, resource);
      const route = `${method} ${path}`;
      if (method === otherMethods.method)
        return [
          ...unless(
            resource.p.AuthorizationType === 'NONE',
            `${route} asks for a credential, to say that it takes none`,
          ),
          ...unless(served === functionPath(otherMethods.function), `${route} is served by ${served}`),
        ];
      const open = Object.values(pages).some((page) => `${page.method} ${page.path}` === route);
      if (open)
        return unless(resource.p.AuthorizationType === 'NONE', `${route} is a public page and asks for a credential`);
      if (route === `${ingress.method} ${ingress.path}`)
        return [
          ...unless(resource.p.AuthorizationType === 'NONE', `${route} asks processors for an API key of ours`),
          ...unless(
            served === functionPath(ingress.function),
            `${route} is served by ${served}, which verifies no signature`,
          ),
        ];
      const row = operations.find((each) => `${each.method} ${each.path}` === route);
      return [
        ...unless(row !== undefined, `${route} has no row in the operation table`),
        ...unless(row !== undefined && served === functionPath(row.function), `${route} is served by ${served}`),
        ...unless(
          resource.p.AuthorizationType === 'CUSTOM' && resource.p.AuthorizerId === 'api/api-authorizer',
          `${route} has no authorizer`,
        ),
        ...unless(resource.p.ApiKeyRequired === true, `${route} is counted by no usage plan`),
      ];
    },
  },
  {
    id: 'Strongroom-API3',
    types: ['AWS::ApiGateway::Authorizer'],
    promises: ['API-1', 'AGT-4'],
    statement: 'The authorizer is asked about every request, and its answer is never cached.',
    check: ({ p }, zone) => [
      ...unless(p.Type === 'REQUEST', `it is a ${p.Type} authorizer`),
      ...unless(
        p.AuthorizerResultTtlInSeconds === 0,
        `answers are cached for ${p.AuthorizerResultTtlInSeconds ?? 300} s`,
      ),
      ...unless(p.IdentitySource === 'method.request.header.Authorization', `it identifies by ${p.IdentitySource}`),
      ...unless(
        invokedAt(zone, p.AuthorizerUri)?.function.name === functionPath(authorizerName),
        `it asks ${p.AuthorizerUri}`,
      ),
    ],
  },
  {
    id: 'Strongroom-API6',
    types: ['AWS::ApiGateway::Resource'],
    promises: ['API-1'],
    statement: 'No path matches requests that no row names.',
    check: ({ p }) =>
      unless(
        typeof p.PathPart === 'string' && /^(\{\w+\}|[\w.-]+)$/.test(p.PathPart),
        `${p.PathPart} matches everything`,
      ),
  },
  {
    id: 'Strongroom-API7',
    types: ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::BasePathMapping'],
    promises: ['API-1', 'NET-2'],
    statement: 'The API is served by its one stage, which has its log, its limits and its web ACL.',
    check: ({ type, p }, zone) => [
      ...unless(p.RestApiId === 'api/api', `it serves ${p.RestApiId}`),
      ...(type.endsWith('Deployment')
        ? unless(p.StageName === undefined && p.StageDescription === undefined, 'it makes a stage of its own')
        : unless(p.Stage !== undefined, 'it serves every stage')),
      ...unless(ofType(zone, 'AWS::ApiGateway::Stage').length === 1, 'there is more than one stage'),
    ],
  },
  {
    id: 'Strongroom-ING1',
    types: ['AWS::ApiGateway::Stage'],
    promises: ['API-2', 'HST-3'],
    statement: 'The ingress, which anybody may call, has a bound of its own below that of the whole API.',
    check: ({ p }) => {
      const settings: Json[] = p.MethodSettings ?? [];
      const own = limitOf(settings, `/${ingress.path.replaceAll('/', '~1')}`, ingress.method);
      return unless(isAbove(limitOf(settings, '/*', '*'), own), `it may take ${own ?? 'all'} requests a second`);
    },
  },
  {
    id: 'Strongroom-ING3',
    types: ['AWS::ApiGateway::Stage'],
    promises: ['API-2', 'HST-3', 'PCI-1'],
    statement:
      'The stage takes as many requests as the contract says, in a sandbox as its profile says, logs no execution, and measures no method by itself.',
    check: ({ p }, zone) => {
      const settings: Json[] = p.MethodSettings ?? [];
      const throttle = isPromised(zone, 'API-2')
        ? { api: apiThrottle, ingress: ingressThrottle }
        : profileOf(zone.deployment).throttle;
      const expected = [
        { path: '/*', method: '*', ...throttle.api },
        { path: `/${ingress.path.replaceAll('/', '~1')}`, method: ingress.method, ...throttle.ingress },
      ];
      const settingAt = (path: string, method: string): Json =>
        settings.find(({ ResourcePath, HttpMethod }) => ResourcePath === path && HttpMethod === method);
      return [
        ...unless(settings.length === expected.length, `it has ${settings.length} settings of methods`),
        ...expected.flatMap(({ path, method, requestsPerSecond, burstRequests }) => {
          const found = settingAt(path, method);
          const limits = [found?.ThrottlingRateLimit, found?.ThrottlingBurstLimit];
          return unless(
            limits[0] === requestsPerSecond && limits[1] === burstRequests,
            `${method} ${path} takes ${limits[0] ?? 'any number of'} requests a second, ${limits[1] ?? 'any number'} at once`,
          );
        }),
        ...settings.flatMap(({ ResourcePath, LoggingLevel, DataTraceEnabled, MetricsEnabled }) =>
          unless(
            LoggingLevel === 'OFF' && DataTraceEnabled === false && MetricsEnabled === false,
            `${ResourcePath} is logged or measured by the gateway`,
          ),
        ),
      ];
    },
  },
  {
    id: 'Strongroom-ING2',
    types: ['AWS::ApiGateway::RestApi'],
    promises: ['PAY-2'],
    statement: 'Bodies reach functions byte for byte: what is signed is what is verified.',
    check: ({ p }) =>
      unless(JSON.stringify(p.BinaryMediaTypes) === '["*/*"]', 'bodies that are not UTF-8 would be changed'),
  },
];
