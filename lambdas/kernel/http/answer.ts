// Answers: a handler's JSON as it is, or a problem of the catalogue (RFC 9457), both with the headers that all bear.

import type { APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorCode, errors } from '../../../contract/capabilities.ts';
import { problemType } from '../../../contract/kernel/error.ts';
import { answerHeaders, jsonMediaType, problemMediaType, requestIdHeader } from '../../../contract/kernel/headers.ts';
import type { RefusalDetails } from '../domain/refusal.ts';
import type { Answer } from '../operation/call.ts';

export const success = (answer: Answer, status: number, requestId: string): APIGatewayProxyResult => ({
  statusCode: status,
  headers: {
    ...answerHeaders,
    'Content-Type': jsonMediaType,
    [requestIdHeader]: requestId,
    ...(answer.outcome === 'replayed' && { 'Idempotent-Replayed': 'true' }),
  },
  body: answer.body,
});

export function problem(code: ErrorCode, details: RefusalDetails, requestId: string): APIGatewayProxyResult {
  const { status, title, detail } = errors[code];
  return {
    statusCode: status,
    headers: {
      ...answerHeaders,
      'Content-Type': problemMediaType,
      [requestIdHeader]: requestId,
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(details.allow && { Allow: details.allow.join(', ') }),
      ...(details.retryAfterSeconds !== undefined && { 'Retry-After': String(details.retryAfterSeconds) }),
    },
    body: JSON.stringify({
      type: problemType(code),
      title,
      status,
      code,
      detail,
      request_id: requestId,
      ...(details.findings && { errors: details.findings }),
      ...(details.baseUrl && { base_url: details.baseUrl }),
      ...(details.requiredScopes && { required_scopes: details.requiredScopes }),
    }),
  };
}
