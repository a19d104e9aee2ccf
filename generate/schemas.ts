// JSON Schema (2020-12) of the contract's valibot schemas, for OpenAPI. Checks have no equivalent and are translated here one
// by one. A check without a translation stops the generator: the document must never promise less than the API checks.

import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { schemaModules } from '../contract/capabilities.ts';
import type { Schema } from '../lambdas/docs/document.ts';

/** Message of a `v.check` -> its equivalent in JSON Schema. Empty: every JSON text satisfies the check. */
const checks: Readonly<Record<string, Schema>> = {
  'Expected each scope once': { uniqueItems: true },
  'Expected each connection once': { uniqueItems: true },
  'Expected each role once': { uniqueItems: true },
  'Expected a currency of today (ISO 4217), or *': { pattern: '^(?:[A-Z]{3}|\\*)$' },
  'Expected a day that exists': { format: 'date' },
  'Expected a reason to reject, and none to approve': { description: 'With a reason to reject, and none to approve.' },
  'Expected each event filter once': { uniqueItems: true },
  'Expected either a token, with what belongs to it, or a payment alone': {
    oneOf: [{ required: ['token'] }, { required: ['payment'], maxProperties: 1 }],
  },
  'Expected name or metadata': { minProperties: 1 },
  'Expected well-formed Unicode': {},
  'Expected a time that exists, from 1970 to the end of 9999 in UTC': { format: 'date-time' },
  'Expected an absolute URL without user name and password': { format: 'uri' },
  'Expected an IPv4 or IPv6 address': { description: 'An IPv4 or IPv6 address.' },
  'Expected an IP address or CIDR block': { description: 'An IPv4 or IPv6 address, or a CIDR block.' },
};

const isSchema = (value: unknown): value is GenericSchema =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';

/** Every schema that the capabilities export, under its name there; schemas of queries become parameters instead. */
export const namedSchemas: Readonly<Record<string, GenericSchema>> = Object.fromEntries(
  schemaModules
    .flatMap((module): [string, unknown][] => Object.entries(module))
    .filter((entry): entry is [string, GenericSchema] => isSchema(entry[1]) && !entry[0].endsWith('Query'))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

const configFor = (definitions: Readonly<Record<string, GenericSchema>>): ConversionConfig => ({
  target: 'draft-2020-12',
  definitions,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  overrideAction: ({ valibotAction, jsonSchema }) => {
    const action = valibotAction as { type: string; message?: unknown; requirement?: unknown };
    if (action.type === 'check') {
      // JSON Schema counts code points too.
      const [, chars] = /^Expected at most (\d+) characters$/.exec(String(action.message)) ?? [];
      const equivalent = chars === undefined ? checks[String(action.message)] : { maxLength: Number(chars) };
      if (equivalent === undefined) throw new Error(`generate/schemas.ts translates no check "${action.message}"`);
      return { ...jsonSchema, ...equivalent } as typeof jsonSchema;
    }
    // JSON Schema reads patterns in Unicode mode, so the flag `u` can be left out.
    if (action.type === 'regex' && action.requirement instanceof RegExp && action.requirement.flags === 'u') {
      return { ...jsonSchema, pattern: action.requirement.source };
    }
    return undefined;
  },
});

export const componentSchemas = (definitions: Readonly<Record<string, GenericSchema>>): Record<string, Schema> =>
  toJsonSchemaDefs(definitions, { ...configFor(definitions), typeMode: 'input' }) as Record<string, Schema>;

/** The schema as it stands in a body or parameter: a reference where it has a name. */
export function inlineSchema(schema: GenericSchema, definitions: Readonly<Record<string, GenericSchema>>): Schema {
  const converted = toJsonSchema(schema, { ...configFor(definitions), typeMode: 'input' }) as Schema & {
    $schema?: string;
    $defs?: unknown;
  };
  const { $schema: _, $defs: __, ...rest } = converted;
  return rest;
}

interface PipeItem {
  readonly kind: string;
  readonly type: string;
  readonly operation?: unknown;
  readonly requirement?: number;
}

/**
 * A query value arrives as a string. Where the contract turns it into a number, the document says integer, with the bounds
 * that follow in the schema's pipe.
 */
export function querySchema(entry: GenericSchema, definitions: Readonly<Record<string, GenericSchema>>): Schema {
  const { wrapped, default: fallback } = entry as { wrapped?: GenericSchema; default?: unknown };
  const pipe = ((wrapped ?? entry) as { pipe?: readonly PipeItem[] }).pipe ?? [];
  if (!pipe.some(({ type, operation }) => type === 'transform' && operation === Number)) {
    return inlineSchema(entry, definitions);
  }
  const bound = (type: string) => pipe.find((item) => item.type === type)?.requirement;
  return {
    type: 'integer',
    minimum: bound('min_value'),
    maximum: bound('max_value'),
    ...(fallback !== undefined && { default: Number(fallback) }),
  };
}
