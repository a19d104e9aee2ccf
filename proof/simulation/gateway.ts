// A request on its way through the API: client, authorizer, function, client. What API Gateway says of deaths and denials
// is said here; the rest is the product's own answer.

import type { APIGatewayProxyEvent, APIGatewayProxyResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Operation, ServingFunction } from '../../contract/capabilities.ts';
import { eventOf } from '../../test/kit/requests.ts';
import type { Draw } from './draw.ts';
import type { CallKind, Fault } from './faults.ts';
import type { PoolOf } from './functions.ts';
import type { ApiCode, Product } from './product.ts';
import type { Timeline } from './timeline.ts';

export interface GatewayPorts extends Readonly<Record<ServingFunction, PoolOf<ApiCode>>> {
  readonly timeline: Timeline;
  readonly draw: Draw;
  readonly fault: (address: string, kind: CallKind) => Fault | null;
  readonly authorizer: PoolOf<Product['authorizer']>;
}

export interface Request {
  readonly operation: Operation;
  readonly params: Record<string, string>;
  readonly credential: string;
  readonly key?: string;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** How long a client waits before it believes that nothing comes. */
const clientPatienceMs = 35_000;

export const createGateway = ({ timeline, draw, fault, authorizer, ...serving }: GatewayPorts) => {
  const gatewayError = (status: number): Reply => ({ status, headers: {}, body: '' });

  const serve = async (request: Request, address: string): Promise<Reply> => {
    const { operation, params, key, body, credential } = request;
    const event = eventOf(operation, {
      params,
      requestId: address,
      authorizer: null,
      headers: { Authorization: `Bearer ${credential}` },
      ...(key !== undefined && { key }),
      ...(body !== undefined && { body }),
    });
    const authorized = await authorizer.invoke(authorization(event), `${address}/authorizer`);
    if (authorized.kind === 'died') return gatewayError(500);
    if (authorized.kind === 'threw') {
      const denied = authorized.error instanceof Error && authorized.error.message === 'Unauthorized';
      return gatewayError(denied ? 401 : 500);
    }
    const admitted = { ...event, requestContext: { ...event.requestContext, authorizer: authorized.value.context } };
    const pool = Object.entries(serving).find(([name]) => name === operation.function)?.[1];
    if (pool === undefined) throw new Error(`nobody here serves ${operation.id}`);
    const done = await pool.invoke(admitted as APIGatewayProxyEvent, `${address}/${operation.function}`);
    return done.kind === 'returned' ? replyOf(done.value) : gatewayError(502);
  };

  /** Null: the client heard nothing. */
  return (request: Request, address: string): Promise<Reply | null> =>
    new Promise((heard) => {
      const met = fault(`${address}/request`, 'request');
      const travelMs = 5 + draw.fraction(`${address} travels`) * 20;
      const inTime = timeline.after(clientPatienceMs, () => heard(null));
      if (met === 'lost') return;
      timeline.after(travelMs, () => {
        serve(request, address).then((reply) => {
          if (met === 'ambiguous') return;
          timeline.after(travelMs, () => {
            inTime();
            heard(reply);
          });
        });
      });
    });
};

const authorization = (event: APIGatewayProxyEvent): APIGatewayRequestAuthorizerEvent =>
  ({ ...event, type: 'REQUEST', methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/v1/*' }) as never;

const replyOf = ({ statusCode, headers = {}, body }: APIGatewayProxyResult): Reply => ({
  status: statusCode,
  headers,
  body,
});
