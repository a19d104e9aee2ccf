// Tells who calls. `sk_<id>_<secret>`: only an HMAC of the secret is stored, under a pepper.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { z } from 'zod';
import { config, documents, logger, secrets, tracer } from './platform.ts';

const Key = z.object({
  id: z.string(),
  tenant: z.string(),
  mode: z.enum(['test', 'live']),
  scopes: z.array(z.string()),
  status: z.enum(['active', 'revoked']),
  expires_at: z.string().nullable(),
  secret_hmac: z.string(),
});

const unauthorized = (): Error => new Error('Unauthorized');

async function authorize(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const header = event.headers?.Authorization ?? event.headers?.authorization ?? '';
  const [, id, secret] = /^Bearer sk_([a-z0-9]{26})_([a-z0-9]{39})$/.exec(header) ?? [];
  if (id === undefined || secret === undefined) throw unauthorized();
  const [{ Item }, pepper] = await Promise.all([
    documents.send(new GetCommand({ TableName: config.keysTable, Key: { id }, ConsistentRead: true })),
    secrets.get(config.pepperSecret, { maxAge: 300 }),
  ]);
  const key = Key.safeParse(Item);
  if (!key.success || pepper === undefined) throw unauthorized();
  const { tenant, mode, scopes, status, expires_at, secret_hmac } = key.data;
  const computed = createHmac('sha256', String(pepper)).update(`${id}:${secret}`).digest();
  const stored = Buffer.from(secret_hmac, 'base64url');
  const known = stored.length === computed.length && timingSafeEqual(stored, computed);
  const expired = expires_at !== null && Date.parse(expires_at) <= Date.now();
  if (!known || expired || status !== 'active') throw unauthorized();
  return {
    principalId: id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
    context: { key: id, tenant, mode, scopes: scopes.join(' ') },
    usageIdentifierKey: `${tenant}.${mode}`,
  };
}

export const handler = middy<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>()
  .use(injectLambdaContext(logger))
  .use(captureLambdaHandler(tracer, { captureResponse: false }))
  .handler(authorize);
