// The generated part of the SDK says what the OpenAPI document says: every operation, every event, nothing else.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operationNames } from '../../contract/capabilities.ts';
import { openapi } from '../../generate/openapi.ts';
import { sdkSource } from '../../generate/sdk.ts';
import type { OperationObject } from '../../lambdas/docs/document.ts';
import { type StrongroomSettings, strongroom } from '../../sdk/src/index.ts';
import { key } from './service.ts';

const document = openapi('0.0.0');
const { components } = document;

const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]): [string, string, OperationObject] => [
    verb.toUpperCase(),
    path,
    operation,
  ]),
);

type Methods = Record<
  string,
  Record<string, (...args: unknown[]) => Promise<unknown> & { page?: () => Promise<unknown> }>
>;

/** What an operation's method asks for, given one id for each place in its path. */
async function askedBy({ operationId, requestBody }: OperationObject, ids: readonly string[]) {
  const id = Object.entries(operationNames).find(([, name]) => name === operationId)?.[0] ?? '';
  const [resource = '', name = ''] = id
    .split('/')
    .map((part) => part.replaceAll(/_(.)/g, (_, one) => one.toUpperCase()));
  const asked: { url: string; method: string; body: unknown; keyed: boolean }[] = [];
  const settings: StrongroomSettings = {
    key,
    baseUrl: 'https://api.example',
    attempts: 1,
    fetch: async (url, { method = '', headers, body }) => {
      asked.push({ url, method, body, keyed: new Headers(headers).has('idempotency-key') });
      return Response.json({});
    },
  };
  const method = (strongroom(settings) as unknown as Methods)[resource]?.[name];
  const call = method?.(...ids, ...(requestBody === undefined ? [] : [{ field: 1 }]));
  // The answer is not of its kind: only what was asked counts here.
  await (call?.page?.() ?? call)?.catch(() => {});
  return asked;
}

describe('the generated part', () => {
  it('is what the OpenAPI document says today: npm run docs', () => {
    expect(readFileSync('sdk/src/generated.ts', 'utf8')).toBe(sdkSource(document));
  });

  it.each(operations)('%s %s is asked as the document says', async (method, path, operation) => {
    const ids = [...path.matchAll(/\{\w+\}/g)].map((_, at) => `id_${at}`);
    const filled = ids.reduce((before, id) => before.replace(/\{\w+\}/, id), path);
    expect(await askedBy(operation, ids)).toEqual([
      {
        url: `https://api.example${filled}`,
        method,
        body: operation.requestBody === undefined ? null : '{"field":1}',
        keyed: operation.parameters.some((one) => '$ref' in one && one.$ref.endsWith('/IdempotencyKey')),
      },
    ]);
  });

  it('stops at a schema that nobody translated', () => {
    const schemas = { ...components.schemas, Odd: { type: 'odd' } };
    expect(() => sdkSource({ ...document, components: { ...components, schemas } })).toThrow('odd');
  });

  it('tells every event that is sent from the others, by its type', () => {
    const source = sdkSource(document);
    const union = source.slice(source.indexOf('export type WebhookEvent'));
    const types = [...union.slice(0, union.indexOf(';')).matchAll(/EventOf<'([^']+)', \w+>/g)].map(([, type]) => type);
    expect(types).toEqual(Object.keys(document.webhooks));
    expect(union).toContain("EventOf<'payment.captured', BarePayment>");
    expect(union).toContain("EventOf<'refund.failed', Refund>");
  });

  it('stops at an event without data', () => {
    const [[type, { post }] = ['', { post: undefined }]] = Object.entries(document.webhooks);
    const bare = { ...post, requestBody: { required: true, content: { 'application/json': { schema: {} } } } };
    expect(() => sdkSource({ ...document, webhooks: { [type]: { post: bare as never } } })).toThrow('has no data');
  });

  it('lets no text of the document end its comment', () => {
    const schemas = { ...components.schemas, Odd: { type: 'string', description: '*/ evil(); /*' } };
    expect(sdkSource({ ...document, components: { ...components, schemas } })).not.toContain('*/ evil');
  });
});
