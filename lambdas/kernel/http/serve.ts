// The pipeline of a function: gateway event → operation → admitted caller → parsed call → handler → answer.

import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Operation } from '../../../contract/capabilities.ts';
import { Defect } from '../domain/refusal.ts';
import type { Answer, Call, Handler, HandlerPorts } from '../operation/call.ts';
import { callOf } from '../operation/scope.ts';
import { problem, success } from './answer.ts';
import { withAuditEntry } from './audit.ts';
import { authorize } from './authorize.ts';
import { errorHandler } from './error_handler.ts';
import type { CallContext, Internal } from './exchange.ts';
import { observe } from './observe.ts';
import { parse } from './parse.ts';

export interface Route<Ports> {
  readonly operation: Operation;
  readonly handle: (call: Call<Operation>, ports: Ports) => Promise<Answer>;
}

/** Joins a row of the operation table with the handler that was written for it. */
export const route = <O extends Operation, Ports>(operation: O, handle: Handler<O, Ports>): Route<Ports> => ({
  operation,
  handle: (call, ports) => handle(call as Parameters<typeof handle>[0], ports),
});

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export function serve<Ports extends HandlerPorts>(ports: Ports, routes: readonly Route<Ports>[]): ApiHandler {
  const byResource = new Map(
    routes.map((one) => [`${one.operation.method} ${one.operation.path}`, pipeline(ports, one)]),
  );
  return async (event, context) => {
    const handler = byResource.get(`${event.httpMethod} ${event.resource}`);
    if (handler === undefined) return problem('route_unknown', {}, event.requestContext.requestId);
    return handler(event, context);
  };
}

function pipeline<Ports extends HandlerPorts>(ports: Ports, { operation, handle }: Route<Ports>): ApiHandler {
  const { platform } = ports;
  const status = operation.creates === undefined ? 200 : 201;
  const answer = async ({ requestContext }: APIGatewayProxyEvent, { call }: CallContext) => {
    if (call === undefined) throw new Defect('a handler was reached without a parsed call');
    const answer = await withAuditEntry(ports, operation, call, () => handle(callOf(call, ports.keyring), ports));
    return success(answer, status, requestContext.requestId);
  };
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, CallContext, Internal>(answer)
    .use(observe(operation, platform))
    .use(errorHandler(operation, ports))
    .use(authorize(operation, platform.config))
    .use(parse(operation, platform.config));
}
