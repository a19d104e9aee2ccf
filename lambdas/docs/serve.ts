// Answers the pages of contract/docs/pages.ts, whoever asks a path for a method that it does not take, and
// browsers that ask whether a page may call what payers may. It reads nothing of a request but the page that it asks for, so a page is the
// same for everybody and any cache may store it. It must never do anything else.

import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type ErrorCode, errors } from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { answerHeaders, jsonMediaType, preflightHeaders, requestIdHeader } from '../../contract/kernel/headers.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { problem } from '../kernel/http/answer.ts';
import type { Document } from './document.ts';
import { errorPage } from './error_page.ts';
import { contentSecurityPolicy } from './frame.ts';
import { reference } from './reference.ts';

const htmlMediaType = 'text/html; charset=utf-8';
const cacheControl = 'public, max-age=300';

export type DocsHandler = (
  event: APIGatewayProxyEvent,
  context: Pick<Context, 'invokedFunctionArn'>,
) => Promise<APIGatewayProxyResult>;

export function serveDocs(document: Document): DocsHandler {
  /** Made when first asked for: a page is a pure function of the document. */
  const made = new Map<string, string>();
  const page = (name: string, make: () => string): string => {
    const text = made.get(name) ?? make();
    made.set(name, text);
    return text;
  };
  const methods = methodsOf(document);
  const ofPages = pageMethodsOf(document);
  return async ({ httpMethod, resource, pathParameters, requestContext: { requestId } }, { invokedFunctionArn }) => {
    const shown = (mediaType: string, body: string, caching = cacheControl): APIGatewayProxyResult => ({
      statusCode: 200,
      headers: {
        ...answerHeaders,
        'Cache-Control': caching,
        'Content-Type': mediaType,
        'Referrer-Policy': 'no-referrer',
        ...(mediaType === htmlMediaType && { 'Content-Security-Policy': contentSecurityPolicy }),
        [requestIdHeader]: requestId,
      },
      body,
    });
    const allow = methods.get(resource);
    const fromPages = ofPages.get(resource) ?? [];
    if (httpMethod === 'OPTIONS' && fromPages.length > 0) return preflight(fromPages, requestId);
    if (allow !== undefined && !allow.includes(httpMethod)) return problem('method_not_allowed', { allow }, requestId);
    switch (`${httpMethod} ${resource}`) {
      case `GET ${pages.openapi.path}`:
        return shown(
          jsonMediaType,
          page('openapi', () => JSON.stringify(document)),
        );
      case `GET ${pages.docs.path}`:
        return shown(
          htmlMediaType,
          page('docs', () => reference(document)),
        );
      case `GET ${pages.health.path}`:
        return shown(jsonMediaType, JSON.stringify({ region: invokedFunctionArn.split(':')[3] }), 'no-store');
      case `GET ${pages.error.path}`: {
        const code = pathParameters?.code ?? '';
        if (!Object.hasOwn(errors, code)) break;
        return shown(
          htmlMediaType,
          page(code, () => errorPage(document, code as ErrorCode)),
        );
      }
    }
    return problem('route_unknown', {}, requestId);
  };
}

const preflight = (methods: readonly string[], requestId: string): APIGatewayProxyResult => ({
  statusCode: 204,
  headers: {
    ...answerHeaders,
    ...preflightHeaders,
    'Access-Control-Allow-Methods': methods.join(', '),
    [requestIdHeader]: requestId,
  },
  body: '',
});

/** Path -> the methods that it takes, in upper case. */
function methodsOf({ paths }: Document): ReadonlyMap<string, readonly string[]> {
  const rows = [
    ...Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => ({ path, method }))),
    ...Object.values(pages),
    ingress,
  ];
  const grouped = Map.groupBy(rows, ({ path }) => path);
  return new Map([...grouped].map(([path, of]) => [path, of.map(({ method }) => method.toUpperCase()).sort()]));
}

/** Path -> what pages of other origins may call there, which ask first (Fetch standard, "CORS-preflight fetch"). */
function pageMethodsOf({ paths }: Document): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.entries(item)
        .filter(([, { security }]) => security.some((scheme) => 'publishable_key' in scheme))
        .map(([method]) => method.toUpperCase()),
    ]),
  );
}
