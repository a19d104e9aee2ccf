// Problems (RFC 9457) in the OpenAPI document: one schema, one example for each code, one response
// for each set of codes that some operation answers with under one status.

import { type ErrorCode, errors, errorTexts } from '../contract/capabilities.ts';
import { problemType } from '../contract/kernel/error.ts';
import { problemMediaType } from '../contract/kernel/headers.ts';
import type { Example, Reference, Response, Schema } from '../lambdas/docs/document.ts';
import { everywhere, retryAfter } from './answers.ts';

export const problemSchema: Schema = {
  type: 'object',
  description: 'RFC 9457 problem details. Tell problems apart by "code", which never changes once published.',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'The page that explains the code.' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: Object.keys(errors) },
    detail: { type: 'string' },
    request_id: { type: 'string', description: 'Name it when you ask us.' },
    errors: {
      type: 'array',
      description: 'What is wrong with the request, place by place.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer (RFC 6901) into the body.' },
          parameter: { type: 'string', description: 'Name of a query parameter.' },
          header: { type: 'string', description: 'Name of a header.' },
          detail: { type: 'string' },
        },
      },
    },
    base_url: { type: 'string', format: 'uri', description: 'Where the other zone answers.' },
    required_scopes: { type: 'array', items: { type: 'string' }, description: 'What the key would have to hold.' },
  },
};

/** The fields that only some codes have. */
const extraFields: Partial<Record<ErrorCode, object>> = {
  request_invalid: { errors: [{ pointer: '/amount', detail: 'Expected at least 1 minor unit' }] },
  payment_method_unknown: {
    errors: [{ pointer: '/payment_method', detail: 'The processor knows no such payment method' }],
  },
  scope_missing: { required_scopes: ['payments:write'] },
  wrong_zone: { base_url: 'https://api.eu.example.com/v1' },
};

export const problemExamples: Readonly<Record<string, Example>> = Object.fromEntries(
  (Object.keys(errors) as ErrorCode[]).map((code) => {
    const { title, status, detail } = errors[code];
    const request_id = 'b3f1c2d4-0000-4000-8000-000000000042';
    const value = { type: problemType(code), title, status, code, detail, request_id, ...extraFields[code] };
    return [code, { summary: title, description: `${errorTexts[code].happens} ${errorTexts[code].remedy}`, value }];
  }),
);

const header = (name: string): Reference => ({ $ref: `#/components/headers/${name}` });

type SameStatus = readonly [status: number, codes: readonly ErrorCode[]];

const byStatus = (codes: readonly ErrorCode[]): SameStatus[] =>
  [...Map.groupBy(codes, (code) => errors[code].status)].sort(([a], [b]) => a - b);

/**
 * A response is named by its code. One of several codes is named by its status and by the codes that not every operation
 * may answer with, from a to z: `payment_not_found`, `401`, `404_payment_not_found_refund_not_found`.
 */
const nameOf = ([status, codes]: SameStatus): string => {
  if (codes.length === 1) return String(codes[0]);
  return [status, ...codes.filter((code) => !everywhere.includes(code)).toSorted()].join('_');
};

const responseOf = ([status, codes]: SameStatus): Response => ({
  description: codes
    .map((code) => errors[code].title)
    .join(', ')
    .concat('.'),
  headers: {
    'X-Request-Id': header('X-Request-Id'),
    ...(status === 401 && { 'WWW-Authenticate': header('WWW-Authenticate') }),
    ...(codes.some((code) => retryAfter.has(code)) && { 'Retry-After': header('Retry-After') }),
  },
  content: {
    [problemMediaType]: {
      schema: {
        allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }],
      },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** Status -> response, for the problems that an operation may answer with. */
export const problemReferences = (codes: readonly ErrorCode[]): Record<string, Reference> =>
  Object.fromEntries(
    byStatus(codes).map((same) => [String(same[0]), { $ref: `#/components/responses/${nameOf(same)}` }]),
  );

/** Name -> response, for all that `problemReferences` refers to; `answers` holds the codes of each operation. */
export const problemResponses = (answers: readonly (readonly ErrorCode[])[]): Record<string, Response> =>
  Object.fromEntries(
    answers
      .flatMap(byStatus)
      .map((same): [string, Response] => [nameOf(same), responseOf(same)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
