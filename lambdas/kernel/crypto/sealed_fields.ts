// What merchants wrote into an object in their own words: descriptions, reasons, metadata. They may name people, so they lie
// sealed in the object's row, as one JSON object, and in events as the very same bytes; no decision looks at them.

import canonicalize from 'canonicalize';
import * as v from 'valibot';
import { type TableName, tables } from '../../../contract/capabilities.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Table } from '../../../contract/kernel/table.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import type { Keyring } from './keyring.ts';
import { parseSealed } from './sealed_json.ts';

type OwnerKind = {
  [Name in TableName]: (typeof tables)[Name] extends { readonly sealedFieldsOf: readonly (infer Kind)[] }
    ? Kind
    : never;
}[TableName];

/** Objects that hold some, and where their rows lie. */
const tableOf = Object.fromEntries(
  Object.entries<Table>(tables).flatMap(([table, { sealedFieldsOf = [] }]) =>
    sealedFieldsOf.map((object) => [object, table] as const),
  ),
) as Readonly<Record<OwnerKind, string>>;

/** An object that holds some. A tenant's own belong to both modes. */
export type Owner =
  | { readonly object: Exclude<OwnerKind, 'tenant'>; readonly id: string; readonly tenant: string; readonly mode: Mode }
  | { readonly object: 'tenant'; readonly id: string };

const contextOf = (owner: Owner) => ({
  ...(owner.object === 'tenant' ? { tenant: owner.id, mode: null } : { tenant: owner.tenant, mode: owner.mode }),
  purpose: 'sealed_fields',
  table: tableOf[owner.object],
  item: owner.id,
  field: 'sealed_fields',
});

export const sealFields = (
  keyring: Pick<Keyring, 'seal'>,
  owner: Owner,
  fields: Readonly<Record<string, unknown>>,
): Promise<Sealed<string>> => keyring.seal(JSON.stringify(fields), contextOf(owner));

const Fields = v.record(v.string(), v.unknown());

/** Throws `DecryptionError`. */
async function openFields(
  keyring: Pick<Keyring, 'open'>,
  object: Owner & { readonly sealed_fields: Sealed<string> },
): Promise<Record<string, unknown>> {
  return parseSealed(Fields, await keyring.open(object.sealed_fields, contextOf(object)), 'what a merchant wrote');
}

/** The object’s fields with those of `changes` instead of their namesakes; the very bytes that it has where none differs. */
export async function changedFields(
  keyring: Keyring,
  object: Owner & { readonly sealed_fields: Sealed<string> },
  changes: Readonly<Record<string, unknown>>,
): Promise<Sealed<string>> {
  const sent = Object.entries(changes).filter(([, text]) => text !== undefined);
  if (sent.length === 0) return object.sealed_fields;
  const before = await openFields(keyring, object);
  const after = { ...before, ...Object.fromEntries(sent) };
  return canonicalize(before) === canonicalize(after) ? object.sealed_fields : sealFields(keyring, object, after);
}

/** The object with its sealed fields in the clear, where it has some. Throws `DecryptionError`. */
export async function withOpenFields<T extends Owner & { readonly sealed_fields: Sealed<string> | null }>(
  object: T,
  keyring: Pick<Keyring, 'open'>,
): Promise<T & Record<string, unknown>> {
  const { sealed_fields } = object;
  return sealed_fields === null ? object : { ...object, ...(await openFields(keyring, { ...object, sealed_fields })) };
}

interface Event {
  readonly tenant_id: string;
  readonly mode: Mode;
  readonly data: Record<string, unknown>;
  readonly sealed_fields: Sealed<string> | null;
}

/** The event with its object's sealed fields in the clear, where it has some. Throws `DecryptionError`. */
export async function withOpenEventFields<E extends Event>(event: E, keyring: Pick<Keyring, 'open'>): Promise<E> {
  const { tenant_id: tenant, mode, data, sealed_fields } = event;
  if (sealed_fields === null) return event;
  const object = { ...data, tenant, mode, sealed_fields } as Owner & { readonly sealed_fields: Sealed<string> };
  return { ...event, data: { ...data, ...(await openFields(keyring, object)) } };
}
