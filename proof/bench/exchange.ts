// Create payment and get payment as API Gateway hands them over: first to the authorizer, then, with what that told, to the
// function. The same for both contestants but for the credential.

import type { APIGatewayAuthorizerResult, APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Operation } from '../../contract/capabilities.ts';
import { operationExamples } from '../../contract/capabilities.ts';
import { eventOf } from '../../test/kit/requests.ts';

/** What a browserless client and the edge add to a request. */
const usualHeaders = {
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate, br',
  Host: 'api.us.example.com',
  'User-Agent': 'shop/1.0 (node)',
  'X-Amzn-Trace-Id': 'Root=1-6740a1b2-4f1c2d3e4a5b6c7d8e9f0a1b',
  'X-Forwarded-For': '203.0.113.9',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

export interface Request {
  readonly operation: Operation;
  readonly params?: Record<string, string>;
  readonly key?: string;
  readonly number: number;
}

const requestId = (number: number): string => `b3f1c2d4-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const authorizerEventOf = (
  { operation, number }: Request,
  credential: string,
): APIGatewayRequestAuthorizerEvent =>
  ({
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:us-east-1:000000000000:api/api/${operation.method}/v1/payments`,
    httpMethod: operation.method,
    resource: operation.path,
    path: operation.path,
    headers: { ...usualHeaders, Authorization: `Bearer ${credential}` },
    requestContext: { requestId: requestId(number), identity: { sourceIp: '203.0.113.9' } },
  }) as unknown as APIGatewayRequestAuthorizerEvent;

export const proxyEventOf = (
  { operation, params, key, number }: Request,
  credential: string,
  context: APIGatewayAuthorizerResult['context'],
): APIGatewayProxyEvent =>
  eventOf(operation, {
    headers: { ...usualHeaders, Authorization: `Bearer ${credential}` },
    authorizer: { ...context },
    requestId: requestId(number),
    ...(params && { params }),
    ...(key !== undefined && { key }),
    ...(operation.body && { body: operationExamples['payments/create'].body }),
  });
