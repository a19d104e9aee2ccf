// What the API says by itself: problems in our own form, and an access log that says nothing of what was asked.

import { type Json, ofType, type Rule, unless } from '../rule.ts';

/** What an access log may hold: nothing that a caller wrote. */
const logged =
  /^\$context\.(requestId|extendedRequestId|requestTimeEpoch|httpMethod|resourcePath|operationName|status|responseLength|responseLatency|error\.responseType|integration\.(latency|status)|authorizer\.(status|latency|principalId)|identity\.sourceIp|wafResponseCode|webaclArn|tlsVersion|cipherSuite)$/;

export const answers: readonly Rule[] = [
  {
    id: 'Strongroom-API4',
    types: ['AWS::ApiGateway::Stage'],
    keeps: ['AUD-4', 'PCI-1'],
    states: 'The access log holds routes as declared, never a path, a query, a header or a body.',
    breaks: ({ p }) => {
      const format = p.AccessLogSetting?.Format;
      if (typeof format !== 'string') return ['there is no access log'];
      return [
        ...(format.match(/\$[\w.]+/g) ?? []).filter((field) => !logged.test(field)).map((field) => `it holds ${field}`),
        ...unless(/access-logs/.test(p.AccessLogSetting?.DestinationArn), 'it goes elsewhere than to the access log'),
        ...(p.MethodSettings ?? []).flatMap(({ DataTraceEnabled, LoggingLevel }: Json) =>
          unless(DataTraceEnabled !== true && ['OFF', undefined].includes(LoggingLevel), 'execution logs are on'),
        ),
        ...unless(p.CacheClusterEnabled !== true, 'answers are cached'),
      ];
    },
  },
  {
    id: 'Strongroom-API5',
    types: ['AWS::ApiGateway::GatewayResponse'],
    keeps: ['NET-3', 'AUD-1'],
    states: 'What the gateway answers by itself is a problem of the catalogue, with HSTS and the request’s id.',
    breaks: ({ p }) => {
      const headers = JSON.stringify(p.ResponseParameters ?? {});
      const problem = JSON.parse(p.ResponseTemplates?.['application/json'] ?? '{}');
      return [
        ...unless(/Strict-Transport-Security":"'max-age=\d{8,}/.test(headers), 'it has no HSTS'),
        ...unless(headers.includes('application/problem+json'), 'it is not application/problem+json'),
        ...unless(problem.request_id === '$context.requestId', 'it has no request id'),
        ...unless(
          typeof problem.code === 'string' && String(problem.status) === p.StatusCode,
          'it has no code, or another status',
        ),
        ...unless(!/\$context\.(error|path|authorizer)|\$input/.test(JSON.stringify(p)), 'it repeats what was asked'),
      ];
    },
  },
  {
    id: 'Strongroom-API8',
    types: ['AWS::ApiGateway::Account'],
    keeps: ['AUD-4'],
    states: 'The account’s setting for logs outlives the stack, under a role that writes logs alone.',
    breaks: ({ p, deletionPolicy }) => [
      ...unless(p.CloudWatchRoleArn === 'api/gateway-logs-role.Arn', `its role is ${p.CloudWatchRoleArn}`),
      ...unless(deletionPolicy === 'Retain', 'logs of every API end with this stack'),
    ],
  },
  {
    id: 'Strongroom-API9',
    types: ['AWS::ApiGateway::RestApi'],
    keeps: ['NET-3', 'API-1'],
    states: 'No answer of the gateway keeps its built-in text, and no policy of the API’s own lets anybody in.',
    breaks: ({ p }, zone) => [
      ...['DEFAULT_4XX', 'DEFAULT_5XX', 'UNAUTHORIZED', 'ACCESS_DENIED', 'WAF_FILTERED', 'THROTTLED']
        .filter(
          (kind) => !ofType(zone, 'AWS::ApiGateway::GatewayResponse').some((each) => each.p.ResponseType === kind),
        )
        .map((kind) => `${kind} is AWS’s own`),
      ...unless(p.Policy === undefined && p.Body === undefined, 'it has a policy or a body of its own'),
    ],
  },
];
