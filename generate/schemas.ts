// JSON Schema (2020-12) of the contract's valibot schemas, for OpenAPI. What has no equivalent is translated here by hand,
// check by check; a check that nobody translated stops the generator, so that the document never promises less in silence.

import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { schemaModules } from '../contract/capabilities.ts';
import type { Schema } from '../lambdas/docs/document.ts';

/** Message of a `v.check` -> what says the same in JSON Schema. Empty: every JSON text keeps it already. */
const checks: Readonly<Record<string, Schema>> = {
  'Expected each scope once': { uniqueItems: true },
  'Expected each event filter once': { uniqueItems: true },
  'Expected name or metadata': { minProperties: 1 },
  'Expected well-formed Unicode': {},
  'Expected a time that exists': { format: 'date-time' },
  'Expected an absolute URL without user name and password': { format: 'uri' },
  'Expected an IP address or CIDR block': { description: 'An IPv4 or IPv6 address, or a CIDR block.' },
};

const isSchema = (value: unknown): value is GenericSchema =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';

/** Every schema that the capabilities export, under its name there; those of queries become parameters instead. */
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
      const equivalent = checks[String(action.message)];
      if (equivalent === undefined) throw new Error(`generate/schemas.ts translates no check "${action.message}"`);
      return { ...jsonSchema, ...equivalent } as typeof jsonSchema;
    }
    // JSON Schema's patterns are read in Unicode mode anyway: a `u` loses nothing.
    if (action.type === 'regex' && action.requirement instanceof RegExp && action.requirement.flags === 'u') {
      return { ...jsonSchema, pattern: action.requirement.source };
    }
    return undefined;
  },
});

export const componentSchemas = (definitions: Readonly<Record<string, GenericSchema>>): Record<string, Schema> =>
  toJsonSchemaDefs(definitions, { ...configFor(definitions), typeMode: 'input' }) as Record<string, Schema>;

/** The schema in place: a reference where it has a name. */
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
 * A query value arrives as a string. One that the contract turns into a number is an integer to whoever calls, with the
 * bounds that follow in its pipe.
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
