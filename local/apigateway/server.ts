// API Gateway of one zone on a loopback port: firewall, route, authorizer, integration, reply; one access-log line per request.
// No request may bring it down, and a client that goes away never cancels what its request began.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { localLimits } from '../host/limits.ts';
import type { Pool } from '../lambda/pool.ts';
import type { Outcome } from '../lambda/process.ts';
import type { Firewall } from '../waf/firewall.ts';
import { askAuthorizer } from './authorizer.ts';
import { readBody } from './body.ts';
import { type Bucket, createBucket } from './bucket.ts';
import { proxyEvent } from './event.ts';
import { takesBytes } from './media_types.ts';
import type { ApiModel, Route } from './model.ts';
import { type Reply, readReply } from './reply.ts';
import { readRequest } from './request.ts';
import { type GatewayResponseType, renderResponse } from './responses.ts';
import { createRouter, type Match } from './routes.ts';
import type { Usage } from './usage.ts';
import { type Exchange, jsonEscape, substitute } from './variables.ts';

export interface GatewayOptions {
  readonly api: ApiModel;
  readonly pool: (functionArn: string) => Pool;
  /** Absent: no method may require an API key. */
  readonly usage?: Usage;
  /** Milliseconds; for the bounds of the stage and of single routes. */
  readonly clock?: () => number;
  /** What stands before the API; absent: nothing. */
  readonly firewall?: Firewall;
  readonly log: (line: string) => void;
  readonly warn: (text: string) => void;
  readonly integrationMs?: number;
}

export type Gateway = (request: IncomingMessage, response: ServerResponse) => void;

/** The gateway's own answer to an outcome that is no reply. */
const refusalOf = (outcome: Exclude<Outcome, { kind: 'returned' }> | 'late'): GatewayResponseType => {
  if (outcome === 'late') return 'INTEGRATION_TIMEOUT';
  return outcome.kind === 'throttled' ? 'THROTTLED' : 'INTEGRATION_FAILURE';
};

const within = <T>(work: Promise<T>, ms: number): Promise<T | 'late'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Decides whether a request is within the bound of its route: each has a bucket of its own, of its own size or of the stage's. */
const throttling = (api: ApiModel, clock: () => number): ((route: Route) => boolean) => {
  const buckets = new Map(
    api.routes.flatMap((route): [Route, Bucket][] => {
      const throttle = route.throttle ?? api.throttle;
      return throttle ? [[route, createBucket(throttle, clock)]] : [];
    }),
  );
  return (route) => buckets.get(route)?.take() !== false;
};

/** What the firewall says of a request, if it does not let it pass. */
const refusedByFirewall = (
  firewall: Firewall | undefined,
  incoming: IncomingMessage,
  { path, sourceIp }: Exchange['request'],
): Reply | GatewayResponseType | undefined => {
  const [, query = ''] = /\?(.*)$/s.exec(incoming.url ?? '') ?? [];
  const { rawHeaders } = incoming;
  const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
  const verdict = firewall?.({ path, query, headers, sourceIp });
  if (verdict === undefined || verdict.kind === 'allowed') return undefined;
  if (verdict.kind === 'filtered') return 'WAF_FILTERED';
  return { status: verdict.status, headers: verdict.headers, body: Buffer.from(verdict.body) };
};

/** Asks the authorizer of the route, and counts the request under the API key that it names. */
const authorize = async (
  { api, pool, usage }: GatewayOptions,
  exchange: Exchange,
  match: Match,
): Promise<GatewayResponseType | undefined> => {
  const { authorizer, keyRequired } = match.route;
  let usageKey: string | undefined;
  if (authorizer !== undefined) {
    const asked = Date.now();
    const verdict = await askAuthorizer(api, authorizer, pool(authorizer.functionArn), exchange.request, match);
    exchange.authorizerMs = Date.now() - asked;
    exchange.authorizerStatus = verdict.kind === 'allowed' ? 200 : verdict.status;
    if (verdict.kind === 'refused') return verdict.response;
    exchange.authorizer = verdict.context;
    usageKey = verdict.usageKey;
  }
  if (!keyRequired) return undefined;
  return usage === undefined ? 'INVALID_API_KEY' : usage.refusalOf(usageKey);
};

const integrate = async (
  { api, pool, warn, integrationMs = localLimits.integrationMs }: GatewayOptions,
  exchange: Exchange,
  match: Match,
  body: Buffer,
): Promise<Reply | GatewayResponseType> => {
  const { request } = exchange;
  const { functionArn, resource } = match.route;
  const began = Date.now();
  const invocation = pool(functionArn).invoke(proxyEvent(api, request, match, exchange.authorizer, body));
  const outcome = await within(invocation, integrationMs);
  exchange.integrationMs = Date.now() - began;
  if (outcome === 'late' || outcome.kind !== 'returned') {
    exchange.integrationError = outcome === 'late' ? 'late' : outcome.kind;
    return refusalOf(outcome);
  }
  exchange.integrationStatus = 200;
  const reply = readReply(outcome.payload, takesBytes(api.binaryMediaTypes ?? [], request.headers));
  if (reply !== undefined) return reply;
  exchange.integrationError = 'Malformed Lambda proxy response';
  warn(`${functionArn.split(':').at(-1)} answered ${request.method} ${resource} with what is no reply`);
  return 'INTEGRATION_FAILURE';
};

const send = (response: ServerResponse, exchange: Exchange, result: Reply | GatewayResponseType): void => {
  const rendered = typeof result === 'string' ? renderResponse(exchange, result) : result;
  const body = typeof rendered.body === 'string' ? Buffer.from(rendered.body) : rendered.body;
  exchange.status = rendered.status;
  exchange.responseBytes = body.length;
  exchange.responseMs = Date.now() - exchange.request.receivedAt;
  const bodiless = rendered.status === 204 || rendered.status === 304;
  response.writeHead(rendered.status, {
    ...rendered.headers,
    'x-amzn-requestid': exchange.request.requestId,
    'x-amz-apigw-id': exchange.request.extendedRequestId,
    'x-amzn-trace-id': exchange.request.traceId,
    ...(!bodiless && { 'content-length': body.length }),
    // What is left of an oversized body is not read.
    ...(result === 'REQUEST_TOO_LARGE' && { connection: 'close' }),
  });
  response.end(bodiless || exchange.request.method === 'HEAD' ? undefined : body);
};

export const createGateway = (options: GatewayOptions): Gateway => {
  const { api, warn } = options;
  const matchRoute = createRouter(api.routes);
  const isWithinBounds = throttling(api, options.clock ?? Date.now);

  /** Either a reply of the function or the type of the gateway's own answer. */
  const answer = async (
    incoming: IncomingMessage,
    exchange: Exchange,
    wellFormed: boolean,
  ): Promise<Reply | GatewayResponseType> => {
    const { request } = exchange;
    const refused = refusedByFirewall(options.firewall, incoming, request);
    if (refused !== undefined) return refused;
    if (!wellFormed) return 'BAD_REQUEST_PARAMETERS';
    const match = matchRoute(request.method, request.path);
    if (match === undefined) return 'MISSING_AUTHENTICATION_TOKEN';
    exchange.resourcePath = match.route.resource;
    exchange.operationName = match.route.operationName;
    if (!isWithinBounds(match.route)) return 'THROTTLED';
    const body = await readBody(incoming, localLimits.gatewayBodyBytes);
    if (body === 'too large') return 'REQUEST_TOO_LARGE';
    return (await authorize(options, exchange, match)) ?? integrate(options, exchange, match, body);
  };

  const failed = (thrown: unknown): void =>
    warn(`API Gateway: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);

  return (incoming, response) => {
    const { request, wellFormed } = readRequest(incoming);
    const exchange: Exchange = { api, request };
    response.on('error', () => {});
    answer(incoming, exchange, wellFormed)
      .catch((thrown: unknown): GatewayResponseType => {
        if (!incoming.destroyed) failed(thrown);
        return 'INTEGRATION_FAILURE';
      })
      .then((result) => send(response, exchange, result))
      .catch((thrown: unknown) => {
        failed(thrown);
        response.destroy();
      })
      .finally(() => {
        if (api.accessLogFormat !== undefined) options.log(substitute(api.accessLogFormat, exchange, '-', jsonEscape));
      });
  };
};
