// What API Gateway hands to the ingress when a provider posts to a connection.

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ingress } from '../../contract/processor_events/ingress.ts';

export interface ProviderRequest {
  readonly provider: string;
  readonly connection: string;
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Handed over as base64 instead of as text. */
  readonly base64?: boolean;
  readonly requestId: string;
}

export const providerRequest = ({
  provider,
  connection,
  raw,
  headers,
  base64 = false,
  requestId,
}: ProviderRequest): APIGatewayProxyEvent =>
  ({
    httpMethod: ingress.method,
    resource: ingress.path,
    pathParameters: { provider, connection_id: connection },
    headers: {},
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    body: raw.toString(base64 ? 'base64' : 'utf8'),
    isBase64Encoded: base64,
    requestContext: { requestId, identity: { sourceIp: '198.51.100.7' } },
  }) as unknown as APIGatewayProxyEvent;
