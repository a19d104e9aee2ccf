// The events that API Gateway sends to functions (API Gateway developer guide: Lambda proxy integration, payload format
// 1.0; Lambda authorizer of type REQUEST).

import { sendsBytes } from './media_types.ts';
import type { ApiModel } from './model.ts';
import { type GatewayRequest, multiple, single } from './request.ts';
import type { Match } from './routes.ts';

export type AuthorizerContext = Readonly<Record<string, string | number>>;

const requestTime = (at: number): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};

export const methodArn = (api: ApiModel, request: GatewayRequest): string =>
  `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/${api.stage}/${request.method}${request.path}`;

const requestContext = (api: ApiModel, request: GatewayRequest, { route }: Match): Record<string, unknown> => ({
  accountId: api.account,
  apiId: api.id,
  domainName: 'localhost',
  domainPrefix: 'localhost',
  extendedRequestId: request.extendedRequestId,
  httpMethod: request.method,
  identity: {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.sourceIp,
    user: null,
    userAgent: request.userAgent,
    userArn: null,
  },
  path: request.path,
  protocol: request.protocol,
  requestId: request.requestId,
  requestTime: requestTime(request.receivedAt),
  requestTimeEpoch: request.receivedAt,
  resourceId: route.resourceId,
  resourcePath: route.resource,
  stage: api.stage,
});

export const proxyEvent = (
  api: ApiModel,
  request: GatewayRequest,
  match: Match,
  authorizer: AuthorizerContext | undefined,
  body: Buffer,
): object => ({
  ...bodyFields(api, request, body),
  resource: match.route.resource,
  path: request.path,
  httpMethod: request.method,
  headers: single(request.headers),
  multiValueHeaders: multiple(request.headers),
  queryStringParameters: single(request.query),
  multiValueQueryStringParameters: multiple(request.query),
  pathParameters: match.pathParameters,
  stageVariables: api.stageVariables ?? null,
  requestContext: { ...requestContext(api, request, match), ...(authorizer !== undefined && { authorizer }) },
});

/** As text, bytes that are not UTF-8 are replaced. */
const bodyFields = ({ binaryMediaTypes = [] }: ApiModel, { headers }: GatewayRequest, body: Buffer): object => {
  const isBase64Encoded = body.length > 0 && sendsBytes(binaryMediaTypes, headers);
  return { body: body.length === 0 ? null : body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
};

/** Here absent maps are empty rather than null. */
export const authorizerEvent = (api: ApiModel, request: GatewayRequest, match: Match): object => ({
  type: 'REQUEST',
  methodArn: methodArn(api, request),
  resource: match.route.resource,
  path: request.path,
  httpMethod: request.method,
  headers: single(request.headers) ?? {},
  multiValueHeaders: multiple(request.headers) ?? {},
  queryStringParameters: single(request.query) ?? {},
  multiValueQueryStringParameters: multiple(request.query) ?? {},
  pathParameters: match.pathParameters ?? {},
  stageVariables: api.stageVariables ?? {},
  requestContext: requestContext(api, request, match),
});

export { requestTime };
