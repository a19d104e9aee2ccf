// What travels along the pipeline: the gateway's event, what the middlewares found out, and the answer.

import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '../../contract/operations/operation.ts';
import type { Call, Identity } from '../handlers/handler.ts';

export type AnyCall = Call<Operation>;

/** Lambda's context, on which `parse` leaves what the handler takes. */
export type CallContext = Context & { call?: AnyCall };

/** Filled in by one middleware after the other. */
export interface Internal {
  startedAtMs?: number;
  identity?: Identity;
  /** The stable code of the refusal or failure that became the answer. */
  code?: string;
  [other: string]: unknown;
}

export type Exchange = Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error, CallContext, Internal>;
export type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, CallContext, Internal>;

export function header(event: APIGatewayProxyEvent, name: string): string[] {
  const wanted = name.toLowerCase();
  const found = Object.entries(event.multiValueHeaders ?? {}).find(([key]) => key.toLowerCase() === wanted);
  if (found?.[1]) return found[1];
  const single = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
  return single === undefined ? [] : [single];
}
