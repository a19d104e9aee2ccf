// What the middlewares of the pipeline share: the gateway's event, what they found out, and the answer.

import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '../../../contract/capabilities.ts';
import type { Identity, ParsedCall } from '../operation/call.ts';

export type AnyCall = ParsedCall<Operation>;

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

/** All values of a header, however its name is spelled and however often it was sent. */
export function header(event: APIGatewayProxyEvent, name: string): string[] {
  const wanted = name.toLowerCase();
  const multiple = Object.entries(event.multiValueHeaders ?? {}).filter(([key]) => key.toLowerCase() === wanted);
  if (multiple.length > 0) return multiple.flatMap(([, values]) => values ?? []);
  const single = Object.entries(event.headers ?? {}).filter(([key]) => key.toLowerCase() === wanted);
  return single.flatMap(([, value]) => value ?? []);
}
