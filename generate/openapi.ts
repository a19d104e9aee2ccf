// The OpenAPI 3.1 document, made of the contract row by row. It must never state of an operation what its row does not.

import type { GenericSchema } from 'valibot';
import { AuditQuery } from '../contract/audit/audit_entry.ts';
import {
  fieldTexts,
  type Operation,
  type OperationId,
  operationExamples,
  operationNames,
  operationTexts,
  resourceTexts,
  operations as rows,
} from '../contract/capabilities.ts';
import { CustomerQuery } from '../contract/customers/customer.ts';
import type { ResourceText } from '../contract/kernel/description.ts';
import { exampleIds } from '../contract/kernel/examples.ts';
import { clientSecretHeader, jsonMediaType, requestIdHeader } from '../contract/kernel/headers.ts';
import { idPattern } from '../contract/kernel/ids.ts';
import { requestLimits } from '../contract/kernel/limits.ts';
import { ListQuery } from '../contract/kernel/list.ts';
import type { IdKind } from '../contract/kernel/vocabulary.ts';
import { zoneNames } from '../contract/kernel/zones.ts';
import type { Document, OperationObject, Parameter, Reference, Response, Schema } from '../lambdas/docs/document.ts';
import { problemsOf } from './answers.ts';
import { problemExamples, problemReferences, problemResponses, problemSchema } from './problems.ts';
import { componentSchemas, inlineSchema, namedSchemas, querySchema } from './schemas.ts';
import { webhookParameters, webhookResponses, webhooks } from './webhooks.ts';

const queries: readonly [string, GenericSchema][] = [
  ['ListQuery', ListQuery],
  ['AuditQuery', AuditQuery],
  ['CustomerQuery', CustomerQuery],
];

interface ObjectSchema extends GenericSchema {
  readonly entries: Readonly<Record<string, GenericSchema>>;
}

/** The item of a list, or undefined where the reply is no list. */
const itemOf = (reply: GenericSchema): GenericSchema | undefined =>
  (reply as { entries?: { data?: { item?: GenericSchema } } }).entries?.data?.item;

/** The named schemas, and one for each list of them: `PaymentList`. */
const definitions: Readonly<Record<string, GenericSchema>> = {
  ...namedSchemas,
  ...Object.fromEntries(
    rows.flatMap(({ reply }): [string, GenericSchema][] => {
      const item = itemOf(reply);
      const name = Object.entries(namedSchemas).find(([, schema]) => schema === item)?.[0];
      return name === undefined ? [] : [[`${name}List`, reply]];
    }),
  ),
};

const schemas = (): Record<string, Schema> => {
  const named = componentSchemas(definitions);
  const described = Object.entries(named).map(([name, schema]): [string, Schema] => [
    name,
    schema.properties === undefined
      ? schema
      : {
          ...schema,
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([field, value]) => {
              const description =
                fieldTexts[`${name}.${field}`] ?? fieldTexts[`${name.replace(/^Created/, '')}.${field}`];
              return [field, description === undefined ? value : { ...value, description }];
            }),
          ),
        },
  ]);
  return Object.fromEntries(
    [...described, ['Problem', problemSchema] as [string, Schema]].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};

const pathParameters = ({ path }: Operation): Parameter[] =>
  [...path.matchAll(/\{(\w+)_id\}/g)].map(([, kind = '']) => ({
    name: `${kind}_id`,
    in: 'path',
    required: true,
    example: (exampleIds as Readonly<Record<string, string>>)[kind] ?? '',
    schema: { type: 'string', pattern: idPattern(kind as IdKind).source },
  }));

const queryParameters = ({ query }: Operation): Parameter[] =>
  query === undefined
    ? []
    : Object.entries((query as ObjectSchema).entries).map(([name, entry]) => {
        const schemaName = queries.find(([, schema]) => schema === query)?.[0] ?? '';
        const description = fieldTexts[`${schemaName}.${name}`];
        return {
          name,
          in: 'query',
          required: false,
          ...(description !== undefined && { description }),
          schema: querySchema(entry, definitions),
        };
      });

const header = (name: string): Reference => ({ $ref: `#/components/headers/${name}` });

const successOf = (row: Operation): Record<string, Response> => ({
  [row.creates === undefined ? '200' : '201']: {
    description:
      row.creates === undefined ? 'The request succeeded.' : 'Created; or the first reply again, byte for byte.',
    headers: {
      [requestIdHeader]: header(requestIdHeader),
      ...(row.creates !== undefined && { 'Idempotent-Replayed': header('Idempotent-Replayed') }),
    },
    content: {
      [jsonMediaType]: {
        schema: inlineSchema(row.reply, definitions),
        example: operationExamples[row.id as OperationId].reply,
      },
    },
  },
});

/** OpenAPI 3.1 lets a scheme that is not OAuth list the roles that it needs: our scopes. */
const securityOf = ({ actors, scopes }: Operation): OperationObject['security'] => [
  ...(actors.includes('key') ? [{ secret_key: scopes }] : []),
  ...(actors.includes('payer') ? [{ publishable_key: [] }] : []),
  ...(actors.includes('operator') ? [{ operator_key: [] }] : []),
];

const operationObject = (row: Operation): OperationObject => {
  const text = operationTexts[row.id as OperationId];
  return {
    operationId: operationNames[row.id] ?? '',
    tags: [row.id.split('/')[0] ?? ''],
    summary: text.summary,
    description: text.about,
    security: securityOf(row),
    // A sentence, so that no bundle can be said to hold a row of another function (test/infra/bundle.test.ts).
    'x-audit': `In the audit trail: ${row.id}.`,
    parameters: [
      ...pathParameters(row),
      ...queryParameters(row),
      ...(row.creates === undefined ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }]),
      ...(row.payerReply === undefined ? [] : [{ $ref: '#/components/parameters/ClientSecret' }]),
    ],
    ...(row.body !== undefined && {
      requestBody: {
        required: true,
        content: {
          [jsonMediaType]: {
            schema: inlineSchema(row.body, definitions),
            example: operationExamples[row.id as OperationId].body,
          },
        },
      },
    }),
    responses: { ...successOf(row), ...problemReferences(problemsOf(row)) },
  };
};

const paths = (): Document['paths'] => {
  const byPath = Map.groupBy(rows, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, ofPath]) => [
      path,
      Object.fromEntries(ofPath.map((row) => [row.method.toLowerCase(), operationObject(row)])),
    ]),
  );
};

const headers: Document['components']['headers'] = {
  [requestIdHeader]: {
    description: 'Names this request in our logs and in your audit trail.',
    schema: { type: 'string' },
  },
  'Idempotent-Replayed': {
    description: 'Present when this response repeats the first reply; nothing was done again.',
    schema: { type: 'string', const: 'true' },
  },
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer', minimum: 0 } },
  'WWW-Authenticate': {
    description: 'How to authenticate (RFC 9110).',
    schema: { type: 'string', const: 'Bearer' },
  },
};

const clientSecret: Parameter = {
  name: clientSecretHeader,
  in: 'header',
  required: false,
  description: 'With a publishable key: the payment’s "client_secret".',
  schema: { type: 'string' },
};

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Unique for one intention. A repeat with the same key and body gets the first reply again.',
  schema: {
    type: 'string',
    minLength: 1,
    maxLength: requestLimits.idempotencyKeyChars,
    pattern: '^[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?$',
  },
};

const securitySchemes: Document['components']['securitySchemes'] = {
  secret_key: {
    type: 'http',
    scheme: 'bearer',
    description: 'A tenant’s API key, sk_test_… or sk_live_…. It must hold every scope that the operation lists.',
  },
  publishable_key: {
    type: 'http',
    scheme: 'bearer',
    description:
      'For payers’ browsers, pk_test_… or pk_live_…: together with the payment’s client secret, and answered with PayerPayment.',
  },
  operator_key: {
    type: 'http',
    scheme: 'bearer',
    description: 'An operator’s key, ok_…. Operators hold no scopes.',
  },
};

const components = (): Document['components'] => ({
  schemas: schemas(),
  parameters: {
    IdempotencyKey: idempotencyKey,
    ClientSecret: clientSecret,
    ...webhookParameters,
  },
  headers,
  responses: { ...problemResponses(rows.map(problemsOf)), ...webhookResponses },
  examples: problemExamples,
  securitySchemes,
});

export const openapi = (version: string): Document => ({
  openapi: '3.1.0',
  info: {
    title: 'Strongroom API',
    version,
    summary: 'Payments that are never charged twice.',
    description:
      'JSON over HTTPS (TLS 1.3). Amounts are integers in the currency’s minor unit, currencies ISO 4217 in upper case, times RFC 3339 in UTC. Every error is a problem of RFC 9457 with a stable code.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [
    {
      url: 'https://api.{zone}.{domain}',
      description: 'One address per residency zone; tenants, keys and payments never leave theirs.',
      variables: {
        zone: { default: zoneNames[0] ?? '', enum: zoneNames, description: 'The residency zone.' },
        domain: { default: 'example.com', description: 'The domain of the deployment.' },
      },
    },
  ],
  tags: (Object.entries(resourceTexts) as [string, ResourceText][]).map(([name, { title, about }]) => ({
    name,
    'x-title': title,
    description: about,
  })),
  paths: paths(),
  webhooks: webhooks(),
  components: components(),
});
