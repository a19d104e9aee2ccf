// Pages that the API serves to anybody, without a credential. They hold nothing but documentation, and the function that
// serves them may do nothing else.

export interface Page {
  readonly method: 'GET';
  readonly path: `/${string}`;
  readonly function: 'docs';
  readonly shows: string;
}

export const pages = {
  openapi: { method: 'GET', path: '/openapi.json', function: 'docs', shows: 'the OpenAPI 3.1 document' },
  docs: { method: 'GET', path: '/docs', function: 'docs', shows: 'the API’s reference, to read' },
  error: { method: 'GET', path: '/docs/errors/{code}', function: 'docs', shows: 'one error of the catalogue' },
} as const satisfies Record<string, Page>;
