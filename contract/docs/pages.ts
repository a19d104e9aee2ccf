// Pages that the API serves to anybody, without a credential. They hold nothing but documentation, and the function that
// serves them may do nothing else.

export interface Page {
  readonly method: 'GET';
  readonly path: `/${string}`;
  readonly function: 'docs';
  readonly shows: string;
}

/**
 * Every method that a path of ours does not take: answered 405 with those that it does (RFC 9110, 15.5.6), by the function that
 * may do nothing else. API Gateway by itself does not tell an unknown method from an unknown path.
 */
export const otherMethods = { id: 'other_methods', method: 'ANY', function: 'docs' } as const;

export const pages = {
  openapi: { method: 'GET', path: '/openapi.json', function: 'docs', shows: 'the OpenAPI 3.1 document' },
  docs: { method: 'GET', path: '/docs', function: 'docs', shows: 'the API’s reference, to read' },
  health: { method: 'GET', path: '/health', function: 'docs', shows: 'the region that answers' },
  error: { method: 'GET', path: '/docs/errors/{code}', function: 'docs', shows: 'one error of the catalogue' },
} as const satisfies Record<string, Page>;
