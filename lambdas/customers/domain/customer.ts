// Customers: their stored form, and the pure decisions about making and changing one. Whatever is personal lies in it sealed
// under the subject's key, in one piece: a row shows nothing of the person.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import {
  BareCustomer,
  type CreateCustomer,
  type Customer as PublicCustomer,
  personal,
  type UpdateCustomer,
} from '../../../contract/customers/customer.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { NewObject } from '../../kernel/domain/new_object.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';

export const Customer = v.object({
  ...BareCustomer.entries,
  tenant: v.string(),
  /** Keyed, of the e-mail address in its comparable form; null: it has none. */
  email_digest: v.nullable(v.string()),
  /** Those that are saved, newest first. */
  payment_methods: v.array(v.object({ id: v.string(), created_at: v.string() })),
  /** `Person` as JSON under the subject’s key; null once deleted. */
  person: v.nullable(SealedText),
  /** `OriginalResponse` as JSON; null once deleted. */
  original_response: v.nullable(SealedText),
});
export type Customer = v.InferOutput<typeof Customer>;

export const Person = v.object(personal);
export type Person = v.InferOutput<typeof Person>;

/** Of what created an object: what a repeat is compared with, and the reply that it gets. Both hold personal data. */
export const OriginalResponse = v.object({ body_digest: v.string(), reply: v.string() });
export type OriginalResponse = v.InferOutput<typeof OriginalResponse>;

/** The digest of its body lies sealed with its first reply. */
export type NewCustomerObject = Omit<NewObject, 'bodyDigest'>;

/** Capitals, and how an accent is written, do not distinguish mailboxes. */
export const comparableEmail = (email: string): string => email.normalize('NFC').toLowerCase();

export const personOf = (body: v.InferOutput<typeof CreateCustomer>): Person => ({
  name: body.name ?? null,
  email: body.email ?? null,
  phone: body.phone ?? null,
  address: body.address ?? null,
  description: body.description ?? null,
  metadata: body.metadata,
});

/** Null: it was so already. */
export function updatePerson(person: Person, body: v.InferOutput<typeof UpdateCustomer>): Person | null {
  const sent = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const next = { ...person, ...sent };
  return isDeepStrictEqual(next, person) ? null : next;
}

type SealedPerson = { readonly person: Sealed<string> } & Pick<Customer, 'email_digest'>;

/** `original_response` is written by the caller, in the same commit. */
export const createCustomer = (
  { id, tenant, mode, createdAt }: NewCustomerObject,
  sealed: SealedPerson,
): Change<Customer> => ({
  fact: 'customer.created',
  next: {
    id,
    object: 'customer',
    tenant,
    mode,
    status: 'active',
    created_at: createdAt,
    updated_at: createdAt,
    payment_methods: [],
    ...sealed,
    original_response: null,
  },
});

export const updateCustomer = (customer: Customer, sealed: SealedPerson, now: string): Change<Customer> => ({
  fact: 'customer.updated',
  next: { ...customer, ...sealed, updated_at: now },
});

/** As its own tenant sees it. */
export const toPublicCustomer = (
  { id, mode, created_at, updated_at }: Pick<Customer, 'id' | 'mode' | 'created_at' | 'updated_at'>,
  person: Person,
): v.InferOutput<typeof PublicCustomer> => ({ id, object: 'customer', mode, ...person, created_at, updated_at });
