// The pipeline of a function: gateway event → operation → authorized caller → parsed call → handler → answer.

import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { Defect } from '../domain/refusal.ts';
import type { HandlerPorts } from '../operation/call.ts';
import type { Route } from '../operation/route.ts';
import { callOf } from '../operation/scope.ts';
import { problem, success } from './answer.ts';
import { withAuditEntry } from './audit.ts';
import { authorize } from './authorize.ts';
import { cors } from './cors.ts';
import { errorHandler } from './error_handler.ts';
import type { CallContext, Internal } from './exchange.ts';
import { observe } from './observe.ts';
import { parse } from './parse.ts';

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export function serve<P extends HandlerPorts>(ports: P, routes: readonly Route<P>[]): ApiHandler {
  const byResource = new Map(
    routes.map((one) => [`${one.operation.method} ${one.operation.path}`, pipeline(ports, one)]),
  );
  return async (event, context) => {
    const handler = byResource.get(`${event.httpMethod} ${event.resource}`);
    if (handler === undefined) return problem('route_unknown', {}, event.requestContext.requestId);
    return handler(event, context);
  };
}

function pipeline<P extends HandlerPorts>(ports: P, { operation, handle }: Route<P>): ApiHandler {
  const { platform } = ports;
  const status = operation.creates === undefined ? 200 : 201;
  const answer = async ({ requestContext }: APIGatewayProxyEvent, { call }: CallContext) => {
    if (call === undefined) throw new Defect('a handler was reached without a parsed call');
    const answer = await withAuditEntry(ports, operation, call, () => handle(callOf(call, ports.keyring), ports));
    return success(answer, status, requestContext.requestId);
  };
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, CallContext, Internal>(answer)
    .use(cors(operation))
    .use(observe(operation, platform))
    .use(errorHandler(operation, ports))
    .use(authorize(operation, platform.config))
    .use(parse(operation, platform.config));
}
