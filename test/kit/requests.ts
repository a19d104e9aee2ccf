// Requests as API Gateway hands them to a function, and replies as it gets them back.

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Operation } from '../../contract/capabilities.ts';
import { scopes } from '../../contract/kernel/vocabulary.ts';
import { createTenant } from '../../contract/tenants/operations.ts';
import type { ApiHandler } from '../../lambdas/kernel/http/serve.ts';
import { lambdaContext } from './runtime/runtime_fixture.ts';

export interface Sent {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | string[]>;
  /** Several values: the header comes several times. */
  readonly headers?: Record<string, string | string[]>;
  /** An object is sent as JSON, bytes as the gateway hands them on. */
  readonly body?: unknown;
  readonly key?: string;
  readonly requestId?: string;
  readonly authorizer?: Record<string, unknown> | null;
}

export const merchant = {
  verdict: 'ok',
  actor_kind: 'key',
  actor_id: 'key_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
  tenant: 'ten_us_aaaaaaaaaaaaaaaaaaaaaaaaaa',
  mode: 'test',
  scopes: scopes.join(' '),
  zone: 'us',
};
export const other = { ...merchant, tenant: 'ten_us_bbbbbbbbbbbbbbbbbbbbbbbbbb' };
export const operator = {
  ...merchant,
  actor_kind: 'operator',
  actor_id: `opr_us_${'a'.repeat(26)}`,
  tenant: '',
  mode: '',
  scopes: '',
};
/** Of another person: what one of them proposes the other confirms. */
export const secondOperator = { ...operator, actor_id: `opr_us_${'b'.repeat(26)}` };

export function eventOf(operation: Operation, sent: Sent): APIGatewayProxyEvent {
  const headers: Record<string, string | string[]> = {
    ...(sent.body !== undefined && { 'Content-Type': 'application/json' }),
    ...(sent.key !== undefined && { 'Idempotency-Key': sent.key }),
    ...sent.headers,
  };
  const query = Object.entries(sent.query ?? {}).map(([name, value]): [string, string[]] => [name, [value].flat()]);
  return {
    resource: operation.path,
    httpMethod: operation.method,
    path: operation.path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().at(-1)])),
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
    pathParameters: sent.params ?? null,
    queryStringParameters: query.length > 0 ? Object.fromEntries(query.map(([name, all]) => [name, all.at(-1)])) : null,
    multiValueQueryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    body: bodyText(sent.body),
    isBase64Encoded: sent.body instanceof Uint8Array,
    stageVariables: null,
    requestContext: {
      apiId: 'a1b2c3d4e5',
      stage: 'api',
      requestId: sent.requestId ?? 'req-1',
      authorizer: sent.authorizer === undefined ? merchant : sent.authorizer,
      identity: { sourceIp: '203.0.113.9' },
    } as unknown as APIGatewayProxyEvent['requestContext'],
  };
}

function bodyText(body: unknown): string | null {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('base64');
  return body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body);
}

export interface Reply extends APIGatewayProxyResult {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly json: any;
}

export const caller =
  (handler: ApiHandler) =>
  async (operation: Operation, sent: Sent): Promise<Reply> => {
    const result = await handler(eventOf(operation, sent), { ...lambdaContext });
    return { ...result, json: JSON.parse(result.body) };
  };

/** A tenant that exists, as its first key: what makes keys must be a key that can be read. */
export async function realMerchant(tenants: ReturnType<typeof caller>): Promise<typeof merchant> {
  const sent = { key: 'real', authorizer: operator, body: { name: 'Real', zone: 'us' } };
  const { json } = await tenants(createTenant, sent);
  return { ...merchant, tenant: json.id, actor_id: json.key };
}
