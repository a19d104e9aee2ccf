// The OpenAPI document: nothing dangles, nothing is missing, nothing is made up, and every example is true.

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { AuditQuery } from '../../contract/audit/audit_entry.ts';
import {
  type ErrorCode,
  errors,
  fieldTexts,
  type Operation,
  operationExamples,
  operations,
  operationTexts,
  resourceTexts,
} from '../../contract/capabilities.ts';
import { CustomerQuery } from '../../contract/customers/customer.ts';
import { refusedVerdicts } from '../../contract/kernel/errors.ts';
import { exampleIds } from '../../contract/kernel/examples.ts';
import { ListQuery } from '../../contract/kernel/list.ts';
import { ingressUrl } from '../../contract/processor_events/ingress.ts';
import { ListKeysQuery, RevokeKeyQuery } from '../../contract/tenants/key.ts';
import { problemsOf } from '../../generate/answers.ts';
import { openapi } from '../../generate/openapi.ts';
import { eventExample } from '../../generate/sent_events.ts';
import { responsesOf } from '../../lambdas/docs/operation.ts';
import { gatewayProblems } from '../../lib/derive/problems.ts';

const document = openapi('0.0.0');
const rows = operations.map((row): [string, Operation] => [row.id, row]);

function* walk(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* walk(part);
}

const at = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);

const operationOf = (row: Operation) => {
  const found = document.paths[row.path]?.[row.method.toLowerCase()];
  if (found === undefined) throw new Error(`${row.id} is not in the document`);
  return found;
};

describe('the OpenAPI document', () => {
  it('refers to nothing that is not there', () => {
    const references = [...walk(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(references.length).toBeGreaterThan(100);
    expect([...new Set(references)].filter((reference) => at(reference) === undefined)).toEqual([]);
  });

  it('holds every path of the table and nothing else', () => {
    const written = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(written.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('names each operation once, as its row is named', () => {
    const names = rows.map(([, row]) => operationOf(row).operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  });

  it('knows every resource, and no other', () => {
    expect(new Set(rows.map(([id]) => id.split('/')[0]))).toEqual(new Set(Object.keys(resourceTexts)));
    expect(new Set(rows.map(([id]) => id))).toEqual(new Set(Object.keys(operationTexts)));
  });

  it.each(rows)('%s: its path parameters are declared', (_, row) => {
    const declared = operationOf(row).parameters.flatMap((one) => ('in' in one && one.in === 'path' ? [one.name] : []));
    expect(declared).toEqual([...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  });

  it.each(rows)('%s: an Idempotency-Key is asked for if and only if something is created', (_, row) => {
    const asks = operationOf(row).parameters.some((one) => '$ref' in one && one.$ref.endsWith('/IdempotencyKey'));
    expect(asks).toBe(row.creates !== undefined);
  });

  it.each(rows)('[API-1] %s: its security is that of its row', (_, row) => {
    const { security } = operationOf(row);
    expect(security.find((one) => one.secret_key)?.secret_key).toEqual(
      row.actors.includes('key') ? row.scopes : undefined,
    );
    expect(security.some((one) => one.operator_key)).toBe(row.actors.includes('operator'));
  });

  it.each(rows)('%s: its examples are what its schemas take and give', (id, row) => {
    const example = operationExamples[id as keyof typeof operationExamples];
    if (row.body !== undefined) expect(v.safeParse(row.body, example.body).issues).toBeUndefined();
    const parsed = v.safeParse(row.reply, example.reply);
    expect(parsed.issues).toBeUndefined();
    // Nothing more than the schema names: that could never be answered.
    expect(parsed.output).toEqual(example.reply);
  });

  it('an example that shows something of another capability shows it as that one does', () => {
    expect(operationExamples['events/get'].reply).toEqual(eventExample('payment.captured'));
    expect(operationExamples['connections/get'].reply).toMatchObject({
      ingress_url: ingressUrl('https://api.us.example.com/v1', 'stripe', exampleIds.connection),
    });
  });

  it.each(rows)('%s: its problems stand under their status, with an example each', (_, row) => {
    const responses = Object.fromEntries(responsesOf(document, operationOf(row)));
    for (const code of problemsOf(row)) {
      const media = responses[errors[code].status]?.content?.['application/problem+json'];
      expect(media?.examples, code).toHaveProperty(code);
    }
  });

  it('writes each response of problems once, under a name made of its codes', () => {
    const { responses } = document.components;
    const commonCodes: readonly string[] = Object.keys(errors).filter((code) =>
      operations.every((row) => problemsOf(row).includes(code as ErrorCode)),
    );
    const all = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const inPlace = all.flatMap((operation) => Object.keys(operation.responses).filter((status) => !/^2/.test(status)));
    const shared = all.flatMap((operation) => Object.values(operation.responses).filter((one) => '$ref' in one));
    expect(shared.length).toBe(inPlace.length);
    const texts = Object.values(responses).map((response) => JSON.stringify(response));
    expect(new Set(texts).size).toBe(texts.length);
    const used = [...walk(document)].map(({ $ref }) => String($ref).replace('#/components/responses/', ''));
    expect(Object.keys(responses).filter((name) => !used.includes(name))).toEqual([]);
    for (const [name, { content }] of Object.entries(responses)) {
      const codes = Object.keys(content?.['application/problem+json']?.examples ?? {});
      if (codes.length === 1) expect(name).toBe(codes[0]);
      if (codes.length > 1) {
        const own = codes.filter((code) => name.includes(`_${code}`));
        expect(name).toBe([errors[codes[0] as ErrorCode].status, ...own.sort()].join('_'));
        expect(codes.filter((code) => !own.includes(code) && !commonCodes.includes(code))).toEqual([]);
      }
    }
  });

  it('every example of a problem has its code, status and page', () => {
    for (const [code, { value }] of Object.entries(document.components.examples)) {
      const { status, title } = errors[code as ErrorCode];
      expect(value).toMatchObject({ code, status, title, type: `/docs/errors/${code}` });
    }
  });

  it('every text about a field is about a field that exists', () => {
    const queries: Record<string, object> = {
      ListQuery: ListQuery.entries,
      AuditQuery: AuditQuery.entries,
      CustomerQuery: CustomerQuery.entries,
      ListKeysQuery: ListKeysQuery.entries,
      RevokeKeyQuery: RevokeKeyQuery.entries,
    };
    const unknown = Object.keys(fieldTexts).filter((name) => {
      const [schema = '', field = ''] = name.split('.');
      return !Object.hasOwn(queries[schema] ?? document.components.schemas[schema]?.properties ?? {}, field);
    });
    expect(unknown).toEqual([]);
  });
});

describe('problems of an operation', () => {
  const anywhere = new Set(operations.flatMap(problemsOf));

  it('cover the whole catalogue, but for what no operation answers', () => {
    expect(Object.keys(errors).filter((code) => !anywhere.has(code as ErrorCode))).toEqual([
      'route_unknown',
      'method_not_allowed',
      // Of the ingress.
      'signature_invalid',
      'notification_malformed',
    ]);
  });

  it.each(rows)('%s: its own refusals, every verdict, and all that the gateway says of a known route', (_, row) => {
    const bodiless = ['body_too_large', 'media_type_unsupported'];
    const gateway = Object.values(gatewayProblems).filter(
      (code) => code !== 'route_unknown' && (row.body !== undefined || !bodiless.includes(code)),
    );
    expect(problemsOf(row)).toEqual(expect.arrayContaining([...row.refuses, ...refusedVerdicts, ...gateway]));
  });
});
