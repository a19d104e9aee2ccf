// What API Gateway writes by itself: error responses in our own form, and an access log without anything that a caller wrote.

import { type Json, ofType, type Rule, unless } from '../rule.ts';

/** What an access log may hold: nothing that a caller wrote. */
const allowedFields =
  /^\$context\.(requestId|extendedRequestId|requestTimeEpoch|httpMethod|resourcePath|operationName|status|responseLength|responseLatency|error\.responseType|integration\.(latency|status)|authorizer\.(status|latency|principalId)|identity\.sourceIp|wafResponseCode|webaclArn|tlsVersion|cipherSuite)$/;

export const gatewayResponses: readonly Rule[] = [
  {
    id: 'Strongroom-API4',
    types: ['AWS::ApiGateway::Stage'],
    promises: ['AUD-4', 'PCI-1'],
    statement: 'The access log holds routes as declared, never a path, a query, a header or a body.',
    check: ({ p }) => {
      const format = p.AccessLogSetting?.Format;
      if (typeof format !== 'string') return ['there is no access log'];
      return [
        ...(format.match(/\$[\w.]+/g) ?? [])
          .filter((field) => !allowedFields.test(field))
          .map((field) => `it holds ${field}`),
        ...unless(/access-logs/.test(p.AccessLogSetting?.DestinationArn), 'it goes to another log group'),
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
    promises: ['NET-3', 'AUD-1'],
    statement:
      'An error that the gateway answers by itself is a problem of the catalogue, with HSTS and the request’s id.',
    check: ({ p }) => {
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
        ...unless(
          !/\$context\.(error|path|authorizer)|\$input/.test(JSON.stringify(p)),
          'it repeats parts of the request',
        ),
      ];
    },
  },
  {
    id: 'Strongroom-API8',
    types: ['AWS::ApiGateway::Account'],
    promises: ['AUD-4'],
    statement: 'The account’s setting for logs outlives every stage, under a role that writes logs alone.',
    check: ({ p, outlives }) => [
      ...unless(p.CloudWatchRoleArn === 'account/gateway-logs-role.Arn', `its role is ${p.CloudWatchRoleArn}`),
      ...unless(outlives, 'logs of every API end with this stack'),
    ],
  },
  {
    id: 'Strongroom-API9',
    types: ['AWS::ApiGateway::RestApi'],
    promises: ['NET-3', 'API-1'],
    statement: 'No gateway response has AWS’s built-in text, and the API has no resource policy of its own.',
    check: ({ p }, zone) => [
      ...['DEFAULT_4XX', 'DEFAULT_5XX', 'UNAUTHORIZED', 'ACCESS_DENIED', 'WAF_FILTERED', 'THROTTLED']
        .filter(
          (kind) => !ofType(zone, 'AWS::ApiGateway::GatewayResponse').some((each) => each.p.ResponseType === kind),
        )
        .map((kind) => `${kind} is AWS’s own`),
      ...unless(p.Policy === undefined && p.Body === undefined, 'it has a policy or a body of its own'),
    ],
  },
];
