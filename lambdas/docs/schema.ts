// The fields of a JSON Schema for readers: name, type in words, bounds, meaning.

import type { Document, Schema } from './document.ts';
import { html, type Markup, prose } from './html.ts';

/** Deeper than any object of ours: a bound for the walk. */
const deepest = 4;
const manyValues = 12;

export const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The schema that is referred to, with the keywords that stand beside the reference. */
export function resolved(document: Document, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...local } = schema;
  return { ...document.components.schemas[refName($ref)], ...local };
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly nullable: boolean;
}

const withoutNull = (schema: Schema): { readonly schema: Schema; readonly nullable: boolean } => {
  const [first, second] = schema.anyOf ?? [];
  if (first === undefined || second?.type !== 'null') return { schema, nullable: false };
  return { schema: { ...first, ...(schema.description && { description: schema.description }) }, nullable: true };
};

function* fieldsOf(document: Document, schema: Schema, prefix = '', depth = 0): Generator<Field> {
  if (depth >= deepest) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const { schema: present, nullable } = withoutNull(property);
    const whole = resolved(document, present);
    const path = `${prefix}${name}`;
    yield { path, schema: whole, required: schema.required?.includes(name) ?? false, nullable };
    yield* fieldsOf(document, whole, `${path}.`, depth + 1);
  }
}

const typeOf = (document: Document, schema: Schema): string => {
  if (schema.const !== undefined) return 'constant';
  if (schema.items !== undefined) return `array of ${typeOf(document, resolved(document, schema.items))}s`;
  if (schema.format === 'date-time') return 'time';
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') return 'map of strings';
  return schema.type ?? 'any value';
};

const range = (from: number | undefined, to: number | undefined, unit: string): string[] => {
  const top = to === undefined || to === Number.MAX_SAFE_INTEGER ? undefined : to.toLocaleString('en-US');
  if (from !== undefined && top !== undefined) return [`${from} to ${top}${unit}`];
  if (top !== undefined) return [`at most ${top}${unit}`];
  return from === undefined ? [] : [`at least ${from}${unit}`];
};

const values = (all: readonly unknown[]): Markup =>
  all.length > manyValues
    ? html`one of ${all.length} values`
    : html`one of ${all.map((value, at) => html`${at > 0 && ', '}<code>${String(value)}</code>`)}`;

const patternOf = (pattern: string): Markup => {
  const id = /^\^(\w+?)_\(\?:/.exec(pattern)?.[1];
  if (id !== undefined) return html`an id, <code>${id}_…</code>`;
  if (pattern.includes('\\u0000')) return html`no control characters`;
  if (pattern.startsWith('^[\\x21-')) return html`printable ASCII`;
  return html`matches <code>${pattern}</code>`;
};

/** Every bound that the schema sets, in words. */
export function boundsOf(document: Document, schema: Schema): Markup[] {
  const item = schema.items && resolved(document, schema.items);
  return [
    ...(schema.const === undefined ? [] : [html`<code>${String(schema.const)}</code>`]),
    ...(schema.enum === undefined ? [] : [values(schema.enum)]),
    ...range(schema.minimum, schema.maximum, '').map((text) => html`${text}`),
    ...range(schema.minLength, schema.maxLength, ' characters').map((text) => html`${text}`),
    ...range(schema.minItems, schema.maxItems, ' items').map((text) => html`${text}`),
    ...range(undefined, schema.maxProperties, ' entries').map((text) => html`${text}`),
    ...(schema.uniqueItems ? [html`each once`] : []),
    ...(schema.pattern === undefined ? [] : [patternOf(schema.pattern)]),
    ...(item?.enum === undefined ? [] : [values(item.enum)]),
    ...(schema.default === undefined || typeof schema.default === 'object'
      ? []
      : [html`default <code>${String(schema.default)}</code>`]),
  ];
}

export const row = (
  document: Document,
  name: string,
  schema: Schema,
  flags: { readonly required?: boolean; readonly nullable?: boolean },
): Markup => {
  const bounds = boundsOf(document, schema);
  return html`<li><p><code class="name">${name}</code> <span class="type">${typeOf(document, schema)}${flags.nullable && ' or null'}</span>${flags.required && html` <span class="required">required</span>`}</p>${schema.description !== undefined && html`<p>${prose(schema.description)}</p>`}${bounds.length > 0 && html`<p class="bounds">${bounds.map((bound, at) => html`${at > 0 && ' · '}${bound}`)}</p>`}</li>`;
};

/** `demands`: whether to mark required fields, as for a body; a reply has all of its fields. */
export const fieldList = (document: Document, schema: Schema, demands: boolean): Markup => {
  const whole = resolved(document, schema);
  // The forms differ in a constant field.
  if (whole.oneOf !== undefined)
    return html`${whole.oneOf.map((form, at) => html`${at > 0 && html`<p class="quiet">or</p>`}${fieldList(document, form, demands)}`)}`;
  const fields = [...fieldsOf(document, whole)];
  if (fields.length === 0) return html`<p class="quiet">An empty object, <code>{}</code>.</p>`;
  return html`<ul class="fields">${fields.map((field) =>
    row(document, field.path, field.schema, { required: demands && field.required, nullable: field.nullable }),
  )}</ul>`;
};
