// TypeScript types of the OpenAPI document's schemas. A schema without a translation stops the generator, so that no type
// promises less, or more, than the document.

import type { Schema } from '../lambdas/docs/document.ts';

/** The name that a reference ends with. */
export const named = ({ $ref }: { readonly $ref: string }): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** A JSDoc comment. No text of the document can end it. */
export const comment = (indent: string, ...lines: readonly string[]): string => {
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/'));
  return safe.length === 1
    ? `${indent}/** ${safe[0]} */\n`
    : [`${indent}/**`, ...safe.map((line) => `${indent} * ${line}`), `${indent} */\n`].join('\n');
};

export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return named({ $ref: schema.$ref });
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  // The type `{}` would allow anything, such as options in the place of a body.
  if (schema.additionalProperties === false && isEmpty(schema)) return 'Record<string, never>';
  if (schema.properties) return `{ ${fieldsOf(schema).join(' ')} }`;
  if (schema.items) return `readonly (${typeOf(schema.items)})[]`;
  if (typeof schema.additionalProperties === 'object') {
    return `{ readonly [name: string]: ${typeOf(schema.additionalProperties)} }`;
  }
  if (['string', 'boolean', 'null'].includes(schema.type ?? '')) return String(schema.type);
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === undefined) return 'unknown';
  throw new Error(`generate/typescript.ts translates no schema ${JSON.stringify(schema)}`);
}

const isEmpty = ({ properties = {} }: Schema): boolean => Object.keys(properties).length === 0;

const fieldsOf = ({ properties = {}, required = [] }: Schema): string[] =>
  Object.entries(properties).map(
    ([name, schema]) =>
      `readonly ${/^\w+$/.test(name) ? name : `'${name}'`}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
  );

const describedFields = (schema: Schema): string =>
  Object.entries(schema.properties ?? {})
    .map(([, { description }], at) => {
      const field = `  ${fieldsOf(schema)[at]}\n`;
      return description === undefined ? field : comment('  ', description) + field;
    })
    .join('');

export const declaration = ([name, schema]: [string, Schema]): string =>
  (schema.description === undefined ? '' : comment('', schema.description)) +
  (isEmpty(schema)
    ? `export type ${name} = ${typeOf(schema)};\n`
    : `export interface ${name} {\n${describedFields(schema)}}\n`);
