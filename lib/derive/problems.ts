// The errors that API Gateway makes by itself, in the same form as ours: RFC 9457 problems from the catalogue, with the
// request id and the same headers. Every type the gateway knows is listed; none has its built-in text.

import { aws_apigateway as apigateway } from 'aws-cdk-lib';
import { type ErrorCode, errors } from '../../contract/capabilities.ts';
import { problemType } from '../../contract/kernel/error.ts';
import { answerHeaders, corsHeaders, problemMediaType, requestIdHeader } from '../../contract/kernel/headers.ts';

/**
 * API Gateway's response type -> our code. UNAUTHORIZED is both a missing header, seen by the gateway, and a credential
 * that the authorizer does not know: a template cannot distinguish the two, so its text is true of both.
 */
export const gatewayProblems: Readonly<Record<string, ErrorCode>> = {
  MISSING_AUTHENTICATION_TOKEN: 'route_unknown',
  RESOURCE_NOT_FOUND: 'route_unknown',
  UNAUTHORIZED: 'credentials_invalid',
  ACCESS_DENIED: 'credentials_invalid',
  // The authorizer names the key, never the caller: a missing one is our fault, and temporary.
  INVALID_API_KEY: 'unavailable',
  EXPIRED_TOKEN: 'credentials_invalid',
  INVALID_SIGNATURE: 'credentials_invalid',
  BAD_REQUEST_BODY: 'request_invalid',
  BAD_REQUEST_PARAMETERS: 'request_invalid',
  REQUEST_TOO_LARGE: 'body_too_large',
  UNSUPPORTED_MEDIA_TYPE: 'media_type_unsupported',
  THROTTLED: 'rate_limited',
  QUOTA_EXCEEDED: 'rate_limited',
  WAF_FILTERED: 'request_refused',
  DEFAULT_4XX: 'request_refused',
  INTEGRATION_TIMEOUT: 'timed_out',
  INTEGRATION_FAILURE: 'internal_error',
  AUTHORIZER_FAILURE: 'internal_error',
  AUTHORIZER_CONFIGURATION_ERROR: 'internal_error',
  API_CONFIGURATION_ERROR: 'internal_error',
  DEFAULT_5XX: 'internal_error',
};

const retryAfterSeconds = 1;

/** Header -> mapping expression: static values in single quotes, or a field of the request's context. */
const headersOf = (code: ErrorCode): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(answerHeaders).map(([name, value]) => [name, `'${value}'`])),
  'Content-Type': `'${problemMediaType}'`,
  [requestIdHeader]: 'context.requestId',
  // Of a page's request too: the gateway does not know which paths pages may call, and its own errors hold nothing.
  ...Object.fromEntries(Object.entries(corsHeaders).map(([name, value]) => [name, `'${value}'`])),
  // RFC 9110, 11.6.1: a 401 says how to authenticate.
  ...(errors[code].status === 401 && { 'WWW-Authenticate': "'Bearer'" }),
  ...(code === 'rate_limited' && { 'Retry-After': `'${retryAfterSeconds}'` }),
});

const bodyOf = (code: ErrorCode): string => {
  const { status, title, detail } = errors[code];
  return JSON.stringify({
    type: problemType(code),
    title,
    status,
    code,
    detail,
    request_id: '$context.requestId',
  });
};

export function addGatewayProblems(api: apigateway.RestApi): void {
  for (const [type, code] of Object.entries(gatewayProblems)) {
    api.addGatewayResponse(type, {
      type: apigateway.ResponseType.of(type),
      statusCode: String(errors[code].status),
      responseHeaders: headersOf(code),
      templates: { 'application/json': bodyOf(code) },
    });
  }
}
