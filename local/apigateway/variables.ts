// `$context.…` variables of gateway responses and access logs (API Gateway developer guide, "$context variables").

import type { AuthorizerContext } from './event.ts';
import { requestTime } from './event.ts';
import type { ApiModel } from './model.ts';
import type { GatewayRequest } from './request.ts';

/** What is known about a request so far. */
export interface Exchange {
  readonly api: ApiModel;
  readonly request: GatewayRequest;
  resourcePath?: string;
  operationName?: string | undefined;
  authorizer?: AuthorizerContext;
  error?: { readonly type: string; readonly message: string };
  status?: number;
  responseBytes?: number;
  responseMs?: number;
  integrationMs?: number;
  integrationStatus?: number;
  integrationError?: string;
  authorizerMs?: number;
  authorizerStatus?: number;
}

const values = ({
  api,
  request,
  ...known
}: Exchange): Readonly<Record<string, string | number | null | undefined>> => ({
  accountId: api.account,
  apiId: api.id,
  stage: api.stage,
  domainName: 'localhost',
  requestId: request.requestId,
  extendedRequestId: request.extendedRequestId,
  xrayTraceId: request.traceId.replace('Root=', ''),
  httpMethod: request.method,
  path: request.path,
  resourcePath: known.resourcePath,
  operationName: known.operationName,
  protocol: request.protocol,
  requestTime: requestTime(request.receivedAt),
  requestTimeEpoch: request.receivedAt,
  'identity.sourceIp': request.sourceIp,
  'identity.userAgent': request.userAgent,
  'error.message': known.error?.message,
  'error.messageString': known.error === undefined ? undefined : JSON.stringify(known.error.message),
  'error.responseType': known.error?.type,
  status: known.status,
  responseLength: known.responseBytes,
  responseLatency: known.responseMs,
  integrationLatency: known.integrationMs,
  'integration.latency': known.integrationMs,
  'integration.status': known.integrationStatus,
  'authorizer.latency': known.authorizerMs,
  'authorizer.status': known.authorizerStatus,
  integrationErrorMessage: known.integrationError,
  'integration.error': known.integrationError,
});

/** The value of `$context.<name>`, if it has one. */
export const contextVariable = (exchange: Exchange, name: string): string | undefined => {
  const own = name.startsWith('authorizer.') ? exchange.authorizer?.[name.slice('authorizer.'.length)] : undefined;
  const value = own ?? values(exchange)[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Replaces `$context.x`; absent values become `absent`. `encode` is applied to values of callers. */
export const substitute = (
  template: string,
  exchange: Exchange,
  absent: string,
  encode: (value: string, name: string) => string,
): string =>
  template.replace(/\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_-]+)*)/g, (_, name: string) => {
    const value = contextVariable(exchange, name);
    return value === undefined ? absent : encode(value, name);
  });

/** As inside a JSON string: a caller's user agent must not be able to write its own fields. */
export const jsonEscape = (value: string, name: string): string =>
  name === 'error.messageString' ? value : JSON.stringify(value).slice(1, -1);
