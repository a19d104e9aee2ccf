// What merchants wrote into an object in their own words: descriptions, reasons, metadata. They may name people, so they lie
// sealed in the object's row, as one JSON object, and in events as the very same bytes; no decision looks at them.

import canonicalize from 'canonicalize';
import * as v from 'valibot';
import type { TableName } from '../../../contract/capabilities.ts';
import type { Mode } from '../../../contract/kernel/roles.ts';
import type { Sealed } from '../domain/sealed_text.ts';
import type { Keyring } from './keyring.ts';
import { parseSealed } from './sealed_json.ts';

/** Objects that hold some, and where their rows lie. */
const tableOf = {
  tenant: 'tenants',
  payment: 'payments',
  capture: 'payments',
  refund: 'payments',
  void: 'payments',
  webhook_endpoint: 'webhooks',
  connection: 'providers',
} as const satisfies Record<string, TableName>;

type OwnerKind = keyof typeof tableOf;

/** An object that holds some. A tenant's own belong to both modes. */
export type Owner =
  | { readonly object: Exclude<OwnerKind, 'tenant'>; readonly id: string; readonly tenant: string; readonly mode: Mode }
  | { readonly object: 'tenant'; readonly id: string };

const contextOf = (owner: Owner) => ({
  ...(owner.object === 'tenant' ? { tenant: owner.id, mode: null } : { tenant: owner.tenant, mode: owner.mode }),
  purpose: 'texts',
  table: tableOf[owner.object],
  item: owner.id,
  field: 'texts',
});

export const sealFields = (
  keyring: Pick<Keyring, 'seal'>,
  owner: Owner,
  texts: Readonly<Record<string, unknown>>,
): Promise<Sealed<string>> => keyring.seal(JSON.stringify(texts), contextOf(owner));

const Texts = v.record(v.string(), v.unknown());

/** Throws `DecryptionError`. */
async function openFields(
  keyring: Pick<Keyring, 'open'>,
  object: Owner & { readonly texts: Sealed<string> },
): Promise<Record<string, unknown>> {
  return parseSealed(Texts, await keyring.open(object.texts, contextOf(object)), 'what a merchant wrote');
}

/** The object's texts with those of `told` instead of their namesakes; the very bytes that it has where none differs. */
export async function changedFields(
  keyring: Keyring,
  object: Owner & { readonly texts: Sealed<string> },
  told: Readonly<Record<string, unknown>>,
): Promise<Sealed<string>> {
  const changes = Object.entries(told).filter(([, text]) => text !== undefined);
  if (changes.length === 0) return object.texts;
  const before = await openFields(keyring, object);
  const after = { ...before, ...Object.fromEntries(changes) };
  return canonicalize(before) === canonicalize(after) ? object.texts : sealFields(keyring, object, after);
}

/** The object with its texts in the clear, where it has some. Throws `DecryptionError`. */
export async function withOpenFields<T extends Owner & { readonly texts: Sealed<string> | null }>(
  object: T,
  keyring: Pick<Keyring, 'open'>,
): Promise<T & Record<string, unknown>> {
  const { texts } = object;
  return texts === null ? object : { ...object, ...(await openFields(keyring, { ...object, texts })) };
}

interface Event {
  readonly tenant_id: string;
  readonly mode: Mode;
  readonly data: Record<string, unknown>;
  readonly texts: Sealed<string> | null;
}

/** The event with its object's texts in the clear, where it has some. Throws `DecryptionError`. */
export async function withOpenEventFields<E extends Event>(event: E, keyring: Pick<Keyring, 'open'>): Promise<E> {
  const { tenant_id: tenant, mode, data, texts } = event;
  if (texts === null) return event;
  const object = { ...data, tenant, mode, texts } as Owner & { readonly texts: Sealed<string> };
  return { ...event, data: { ...data, ...(await openFields(keyring, object)) } };
}
