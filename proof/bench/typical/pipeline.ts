// The middlewares that every endpoint of the reference shares, in the order that their documentation asks for.

import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import httpEventNormalizer from '@middy/http-event-normalizer';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ZodType } from 'zod';
import { logger, metrics, tracer } from './platform.ts';
import { problem } from './problem.ts';

export type HttpMiddleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

/** One line and one set of metrics per request. */
const observed = (operation: string): HttpMiddleware => {
  const began = new WeakMap<object, number>();
  const finish: NonNullable<HttpMiddleware['after']> = ({ event, context, response }) => {
    const duration_ms = Date.now() - (began.get(context) ?? Date.now());
    const status = response?.statusCode ?? 500;
    const { authorizer, requestId } = event.requestContext;
    logger.info('request answered', { operation, status, duration_ms, requestId, tenant: authorizer?.tenant });
    metrics.addDimension('operation', operation);
    metrics.addMetric('duration', MetricUnit.Milliseconds, duration_ms);
    metrics.addMetric('requests', MetricUnit.Count, 1);
    metrics.addMetric('faults', MetricUnit.Count, status >= 500 ? 1 : 0);
  };
  return {
    before: ({ context }) => {
      began.set(context, Date.now());
    },
    after: finish,
    onError: finish,
  };
};

export const pipeline = (operation: string) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(injectLambdaContext(logger))
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(logMetrics(metrics))
    .use(observed(operation))
    .use(httpSecurityHeaders())
    .use(httpErrorHandler({ logger: (error) => logger.error('request failed', { error: (error as Error)?.name }) }))
    .use(httpHeaderNormalizer())
    .use(httpEventNormalizer());

/** Replaces the parsed body by what the schema makes of it. */
export const validated = (schema: ZodType): HttpMiddleware => ({
  before: ({ event }) => {
    const parsed = schema.safeParse(event.body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, code }) => ({ pointer: `/${path.join('/')}`, detail: code }));
      throw problem(400, 'request_invalid', { errors });
    }
    (event as { body: unknown }).body = parsed.data;
  },
});
