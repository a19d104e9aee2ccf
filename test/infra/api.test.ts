// The API, as the templates hold it: every route closed, TLS 1.3 alone, and no answer or log line that says too much.

import { describe, expect, test } from 'vitest';
import { type ErrorCode, errors, operations } from '../../contract/capabilities.ts';
import { otherMethods, pages } from '../../contract/docs/pages.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { dressedZones } from './dressed.ts';
import { functionStacks, lambdas } from './functions_of.ts';
import { plain } from './plain.ts';
import { ofType, only, type Resource, synthesized, type Zone } from './templates.ts';

const { zones } = synthesized();
const dressed = only(dressedZones());
const every: readonly Zone[] = [...zones, dressed];

const properties = (zone: Zone, type: string): Resource['Properties'][] =>
  ofType(zone.api, `AWS::ApiGateway::${type}`).map(([, resource]) => resource.Properties);

const pathOf = (zone: Zone, id: unknown): string => {
  const resource = zone.api.Resources[(id as { Ref?: string }).Ref ?? ''];
  return resource === undefined ? '' : `${pathOf(zone, resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
};

const settingsOf = (zone: Zone, path: string, method: string): Resource['Properties'] =>
  only<Resource['Properties']>(
    only(properties(zone, 'Stage')).MethodSettings.filter(
      ({ ResourcePath, HttpMethod }: Resource['Properties']) => ResourcePath === path && HttpMethod === method,
    ),
  );

/** Of a function of this zone, by its ARN. */
const nameIn = (zone: Zone, text: unknown): string => {
  const [, name = ''] = /:function:([\w-]+)/.exec(String(plain(zone, 'api', text))) ?? [];
  expect(lambdas(zone).map(({ properties }) => properties.FunctionName)).toContain(name);
  return name.replace(`strongroom-${zone.stage}-${zone.zone}-`, '');
};

const functionBehind = (zone: Zone, method: Resource['Properties']): string => nameIn(zone, method.Integration.Uri);

const isOther = (method: Resource['Properties']): boolean => method.HttpMethod === otherMethods.method;

describe('routes', () => {
  test('[API-1] the API has the routes of the operation table, the public pages and the ingress, each served by its row’s function, and no other', () => {
    for (const zone of every) {
      const declared = properties(zone, 'Method').filter((method) => !isOther(method));
      const found = declared.map(
        (method) =>
          `${method.HttpMethod} ${pathOf(zone, method.ResourceId)} ${functionBehind(zone, method)} ${method.OperationName}`,
      );
      expect(found.sort()).toEqual(
        [...operations, ingress, ...Object.entries(pages).map(([name, page]) => ({ ...page, id: `pages/${name}` }))]
          .map((row) => `${row.method} ${row.path} ${row.function} ${row.id}`)
          .sort(),
      );
    }
  });

  test('[API-3] every other method of a path that there is leads to the function that may do nothing but say so', () => {
    for (const zone of every) {
      const others = properties(zone, 'Method').filter(isOther);
      const paths = new Set([...operations, ingress, ...Object.values(pages)].map(({ path }) => path));
      expect(others.map((method) => pathOf(zone, method.ResourceId)).sort()).toEqual([...paths].sort());
      for (const method of others) {
        expect(method).toMatchObject({ AuthorizationType: 'NONE', OperationName: otherMethods.id });
        expect(functionBehind(zone, method)).toBe('docs');
      }
    }
  });

  test('[API-1] every method has the authorizer, but for these pages, and for the ingress, where processors sign', () => {
    for (const zone of every) {
      const [authorizer] = only(ofType(zone.api, 'AWS::ApiGateway::Authorizer'));
      const methods = properties(zone, 'Method').filter((method) => !isOther(method));
      const open = methods.filter((method) => method.AuthorizationType === 'NONE');
      expect(open.map((method) => `${method.HttpMethod} ${pathOf(zone, method.ResourceId)}`).sort()).toEqual([
        'GET /docs',
        'GET /docs/errors/{code}',
        'GET /health',
        'GET /openapi.json',
        'POST /v1/ingress/{provider}/{connection_id}',
      ]);
      for (const method of open) {
        const behind = functionBehind(zone, method);
        if (method.HttpMethod === 'POST') expect(behind).toBe(ingress.function);
        else expect(Object.values(pages).map((page) => page.function)).toContain(behind);
        expect(method.ApiKeyRequired).not.toBe(true);
      }
      const closed = methods.filter((method) => !open.includes(method));
      expect(closed).toHaveLength(operations.length);
      for (const method of closed) {
        expect(method).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizer } });
      }
    }
  });

  test('[API-1] the authorizer sees every request that has credentials, and its answer is never kept', () => {
    for (const zone of every) {
      expect(only(properties(zone, 'Authorizer'))).toMatchObject({
        Type: 'REQUEST',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 0,
      });
    }
  });

  test('[API-1] a function has one permission, for the deployed stage alone: the console’s test calls skip the authorizer', () => {
    for (const zone of every) {
      const permissions = ofType(zone.api, 'AWS::Lambda::Permission')
        .map(([, each]) => each.Properties)
        .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com');
      const targets = permissions.map((each) => nameIn(zone, each.FunctionName));
      expect(new Set(targets).size).toBe(targets.length);
      expect(targets).toHaveLength(
        new Set([...operations, ingress, ...Object.values(pages)].map((row) => row.function)).size + 1,
      );
      for (const permission of permissions) {
        expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction' });
        expect(JSON.stringify(permission.SourceArn)).toMatch(/"Ref":"apiDeploymentStage\w+"|\/authorizers\//);
      }
    }
  });
});

describe('the endpoint', () => {
  const tls13Only = { SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09', EndpointAccessMode: 'STRICT' };

  test('[NET-3] TLS 1.3 only', () => {
    for (const zone of every) {
      for (const endpoint of [...properties(zone, 'RestApi'), ...properties(zone, 'DomainName')]) {
        expect(endpoint).toMatchObject(tls13Only);
        expect(endpoint.EndpointConfiguration).toEqual({ Types: ['REGIONAL'] });
      }
    }
  });

  test('[NET-3] with a domain there is no other address than the zone’s, and its region’s own for the canary', () => {
    expect(only(properties(dressed, 'RestApi')).DisableExecuteApiEndpoint).toBe(true);
    expect(properties(dressed, 'DomainName').map(({ DomainName }) => DomainName)).toEqual([
      'api.eu.pay.example.com',
      'api-eu-west-1.eu.pay.example.com',
    ]);
    for (const { BasePath } of properties(dressed, 'BasePathMapping')) expect(BasePath).toBeUndefined();
    for (const stack of functionStacks) {
      expect(dressed[stack].Parameters.BaseUrls?.Default).toBe('{"eu":"https://api.eu.pay.example.com/v1"}');
    }
    for (const zone of zones) expect(properties(zone, 'DomainName')).toEqual([]);
  });

  test('[API-2] the stage has a bound on requests', () => {
    for (const zone of every) {
      const settings = settingsOf(zone, '/*', '*');
      expect(settings.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(settings.ThrottlingBurstLimit).toBeGreaterThan(0);
    }
  });

  test('[API-2] the ingress has bounds of its own: a flood there leaves callers with keys most of the API', () => {
    for (const zone of every) {
      const own = settingsOf(zone, '/~1v1~1ingress~1{provider}~1{connection_id}', 'POST');
      const all = settingsOf(zone, '/*', '*');
      expect(own.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(own.ThrottlingRateLimit).toBeLessThanOrEqual(all.ThrottlingRateLimit / 2);
      expect(own.ThrottlingBurstLimit).toBeLessThanOrEqual(own.ThrottlingRateLimit);
      expect(only(properties(zone, 'Stage')).MethodSettings).toHaveLength(2);
    }
  });

  test('[PAY-2] every body is handed over as the bytes that came, which a signature needs', () => {
    for (const zone of every) expect(only(properties(zone, 'RestApi')).BinaryMediaTypes).toEqual(['*/*']);
  });

  test('other addresses can be put in without another template', () => {
    for (const zone of zones) {
      for (const stack of functionStacks) {
        expect(zone[stack].Parameters.TestProcessorUrl?.Default).toBe('');
        expect(zone[stack].Parameters.BaseUrls?.Default).toBe('{}');
      }
      for (const { properties } of lambdas(zone)) {
        expect(properties.Environment.Variables.STRONGROOM_BASE_URLS).toEqual({ Ref: 'BaseUrls' });
      }
    }
  });
});

describe('the access log', () => {
  const formatOf = (zone: Zone): string => only(properties(zone, 'Stage')).AccessLogSetting.Format;

  test('[AUD-4] tells of every request what it was, how it went, from where, and over which TLS', () => {
    for (const zone of every) {
      expect(Object.keys(JSON.parse(formatOf(zone)))).toEqual(
        expect.arrayContaining([
          'requestId',
          'resourcePath',
          'status',
          'latencyMs',
          'sourceIp',
          'principalId',
          'tlsVersion',
          'cipherSuite',
        ]),
      );
    }
  });

  test('[PCI-1] holds no path, query, header or body: a card number in a URL is not logged', () => {
    for (const zone of every) {
      expect(formatOf(zone)).not.toMatch(
        /context\.path\b|querystring|header|body|authorizer\.(?!principalId|status|latency)|\$input|\$method|apiKey\b/i,
      );
      for (const settings of only(properties(zone, 'Stage')).MethodSettings) {
        expect(settings).toMatchObject({ LoggingLevel: 'OFF', DataTraceEnabled: false, MetricsEnabled: false });
      }
    }
  });

  test('[ENC-1] [AUD-4] is encrypted and kept for a year', () => {
    for (const zone of every) {
      const group = ofType(zone.api, 'AWS::Logs::LogGroup').filter(([, each]) =>
        each.Properties.LogGroupName.endsWith('/access'),
      );
      expect(only(group)[1].Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
    }
  });
});

describe('what the gateway answers by itself', () => {
  // The types of AWS's reference, "Gateway response types for API Gateway".
  const types =
    'ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE BAD_REQUEST_BODY BAD_REQUEST_PARAMETERS DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE INTEGRATION_TIMEOUT INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED REQUEST_TOO_LARGE RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED'.split(
      ' ',
    );

  test('[API-3] is a problem of the catalogue, with the request’s id and nothing of the request', () => {
    for (const zone of every) {
      const responses = properties(zone, 'GatewayResponse');
      expect(responses.map((response) => response.ResponseType).sort()).toEqual(types);
      for (const response of responses) {
        const problem = JSON.parse(response.ResponseTemplates['application/json']);
        const { status, title, detail } = errors[problem.code as ErrorCode];
        expect(problem).toEqual({
          type: `/docs/errors/${problem.code}`,
          title,
          status,
          code: problem.code,
          detail,
          request_id: '$context.requestId',
        });
        expect(response.StatusCode).toBe(String(status));
      }
    }
  });

  test.each([
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'route_unknown'],
    ['UNAUTHORIZED', 401, 'credentials_invalid'],
    ['REQUEST_TOO_LARGE', 413, 'body_too_large'],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'media_type_unsupported'],
    ['THROTTLED', 429, 'rate_limited'],
    ['QUOTA_EXCEEDED', 429, 'rate_limited'],
    ['WAF_FILTERED', 403, 'request_refused'],
    ['INTEGRATION_TIMEOUT', 504, 'timed_out'],
    ['DEFAULT_5XX', 500, 'internal_error'],
  ])('[API-3] %s is %d %s', (type, status, code) => {
    for (const zone of every) {
      const response = only(properties(zone, 'GatewayResponse').filter((each) => each.ResponseType === type));
      expect(response.StatusCode).toBe(String(status));
      expect(JSON.parse(response.ResponseTemplates['application/json']).code).toBe(code);
    }
  });

  test('[NET-3] bears HSTS and the request’s id, is stored by nobody, and says when to come back', () => {
    for (const zone of every) {
      for (const response of properties(zone, 'GatewayResponse')) {
        const headers = response.ResponseParameters;
        expect(headers).toMatchObject({
          'gatewayresponse.header.Strict-Transport-Security': "'max-age=63072000; includeSubDomains; preload'",
          'gatewayresponse.header.Content-Type': "'application/problem+json'",
          'gatewayresponse.header.Cache-Control': "'no-store'",
          'gatewayresponse.header.X-Request-Id': 'context.requestId',
          // A payer's page reads why it was refused.
          'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        });
        expect('gatewayresponse.header.Retry-After' in headers).toBe(response.StatusCode === '429');
        expect('gatewayresponse.header.WWW-Authenticate' in headers).toBe(response.StatusCode === '401');
      }
    }
  });
});
