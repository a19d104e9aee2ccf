// The documentation as the function `docs` serves it: whole, self-contained, and the same for everybody.

import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { errors, operations } from '../../contract/capabilities.ts';
import { pages } from '../../contract/docs/pages.ts';
import { answerHeaders } from '../../contract/kernel/headers.ts';
import { ingress } from '../../contract/processor_events/ingress.ts';
import { html, json } from '../../lambdas/docs/html.ts';
import { testPaymentMethodTexts } from '../../lambdas/docs/test_payment_methods.ts';
import { handler } from '../../lambdas/functions/docs.ts';
import { testPaymentMethods } from '../../lambdas/processors/test/payment_methods.ts';

const ask = (resource: string, more: { code?: string; method?: string } = {}) =>
  handler(
    {
      httpMethod: more.method ?? 'GET',
      resource,
      pathParameters: more.code === undefined ? null : { code: more.code },
      requestContext: { requestId: 'req-1' },
    } as unknown as APIGatewayProxyEvent,
    { invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:docs' },
  );

const everyPage = async (): Promise<[string, string][]> => [
  ['/docs', (await ask(pages.docs.path)).body],
  ...(await Promise.all(
    Object.keys(errors).map(
      async (code): Promise<[string, string]> => [`/docs/errors/${code}`, (await ask(pages.error.path, { code })).body],
    ),
  )),
];

describe('the documentation', () => {
  it.each(Object.values(pages))('$path bears the headers of every answer', async ({ path }) => {
    const { statusCode, headers } = await ask(path, { code: 'key_revoked' });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      ...answerHeaders,
      'Cache-Control': path === pages.health.path ? 'no-store' : 'public, max-age=300',
      'X-Request-Id': 'req-1',
    });
  });

  it('[RES-4] names the region that answers, which nobody may store', async () => {
    const { body, headers } = await ask(pages.health.path);
    expect(JSON.parse(body)).toEqual({ region: 'eu-central-1' });
    expect(headers?.['Content-Type']).toBe('application/json');
  });

  it('serves the generated document', async () => {
    const { default: generated } = await import('../../docs/generated/openapi.json', { with: { type: 'json' } });
    expect(JSON.parse((await ask(pages.openapi.path)).body)).toEqual(generated);
  });

  it.each(['nope', '', '__proto__', 'toString', '../x'])('knows no error "%s"', async (code) => {
    const { statusCode, body, headers } = await ask(pages.error.path, { code });
    expect([statusCode, JSON.parse(body).code]).toEqual([404, 'route_unknown']);
    expect(headers).toMatchObject(answerHeaders);
  });

  it('answers reads of its own pages and nothing else', async () => {
    expect((await ask('/v1/payments')).statusCode).toBe(404);
  });

  it.each([
    [pages.docs.path, 'POST', 'GET'],
    ['/v1/payments', 'PUT', 'GET, POST'],
    ['/v1/payments', 'DELETE', 'GET, POST'],
    ['/v1/payments/{payment_id}/captures', 'OPTIONS', 'GET, POST'],
    ['/v1/customers/{customer_id}', 'HEAD', 'DELETE, GET, PATCH'],
    [ingress.path, 'GET', 'POST'],
  ])('[API-3] %s does not take %s, and says that it takes %s', async (resource, method, allow) => {
    const { statusCode, body, headers } = await ask(resource, { method });
    expect([statusCode, JSON.parse(body)]).toEqual([
      405,
      expect.objectContaining({ code: 'method_not_allowed', status: 405, request_id: 'req-1' }),
    ]);
    expect(headers).toMatchObject({
      ...answerHeaders,
      Allow: allow,
      'Content-Type': 'application/problem+json',
      'X-Request-Id': 'req-1',
    });
  });

  it('[API-3] every path of the table allows exactly the methods of its rows', async () => {
    for (const [path, rows] of Map.groupBy(operations, (row) => row.path)) {
      const { headers } = await ask(path, { method: 'TRACE' });
      expect(headers?.Allow).toBe(
        rows
          .map(({ method }) => method)
          .sort()
          .join(', '),
      );
    }
  });

  it('names every operation and every error', async () => {
    const { body } = await ask(pages.docs.path);
    for (const { path } of operations) expect(body.replace(/<\/?em>/g, '')).toContain(path);
    for (const code of Object.keys(errors)) expect(body).toContain(`docs/errors/${code}"`);
  });

  it('every link leads somewhere', async () => {
    const all = new Map(await everyPage());
    for (const [at, body] of all) {
      for (const [, href = ''] of body.matchAll(/href="([^"]*)"/g)) {
        const { pathname, hash } = new URL(href, `https://api.example.com${at}`);
        if (pathname === pages.openapi.path) continue;
        const target = all.get(pathname);
        expect(target, `${at} -> ${href}`).toBeDefined();
        if (hash !== '') expect(target, `${at} -> ${href}`).toContain(`id="${hash.slice(1)}"`);
      }
    }
  });

  it('[API-3] loads nothing, runs nothing, and allows its own style alone', async () => {
    const { headers } = await ask(pages.docs.path);
    for (const [at, body] of await everyPage()) {
      expect(body, at).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\(/i);
      const [, style = ''] = /<style>(.*)<\/style>/s.exec(body) ?? [];
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers?.['Content-Security-Policy']).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
    }
  });

  it('[API-3] no value becomes markup', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const safe = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
    expect(html`<p>${evil}</p>`.text).toBe(`<p>${safe}</p>`);
    expect(json({ [evil]: evil }).text).not.toContain('<img');
  });

  it('lists the payment methods that test mode knows', () => {
    expect(Object.keys(testPaymentMethodTexts).sort()).toEqual([...testPaymentMethods].sort());
  });
});

describe('a page of another origin', () => {
  it('is told before its call what payers’ browsers may send, where they may call something', async () => {
    const payers = operations.filter(({ actors }) => actors.includes('payer'));
    for (const { path, method } of payers) {
      const { statusCode, headers, body } = await ask(path, { method: 'OPTIONS' });
      expect([statusCode, body]).toEqual([204, '']);
      expect(headers).toMatchObject({
        ...answerHeaders,
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': method,
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, Strongroom-Client-Secret',
      });
      expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    }
    const paths = new Set(payers.map(({ path }) => path as string));
    for (const { path } of operations.filter((row) => !paths.has(row.path))) {
      const { statusCode, headers } = await ask(path, { method: 'OPTIONS' });
      expect([statusCode, headers?.['Access-Control-Allow-Origin']]).toEqual([405, undefined]);
    }
  });
});
