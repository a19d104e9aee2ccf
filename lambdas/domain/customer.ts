// Customers and their saved payment methods: their stored forms, and the pure decisions about them. Whatever is personal
// lies in them sealed under the subject's key, in one piece: a row in the clear tells nothing of the person.

import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { customerLimits as limits } from '../../contract/limits.ts';
import {
  BareCustomer,
  type CreateCustomer,
  personal,
  type Customer as PublicCustomer,
  type UpdateCustomer,
} from '../../contract/resources/customer.ts';
import {
  BarePaymentMethod,
  Card,
  type SavedPaymentMethod,
  type SavePaymentMethod,
} from '../../contract/resources/payment_method.ts';
import type { Mode } from '../../contract/roles.ts';
import type { Sealed } from '../crypto/envelope.ts';
import type { Change } from './payment.ts';

const SealedText = v.custom<Sealed<string>>((value) => value instanceof Uint8Array);

export const Customer = v.object({
  ...BareCustomer.entries,
  tenant: v.string(),
  /** Keyed, of the e-mail address in its one form; null: it has none. */
  email_digest: v.nullable(v.string()),
  /** Those that are saved, newest first. */
  payment_methods: v.array(v.object({ id: v.string(), created_at: v.string() })),
  /** `Person` as JSON; null once deleted. */
  person: v.nullable(SealedText),
  /** `First` as JSON; null once deleted. */
  first: v.nullable(SealedText),
});
export type Customer = v.InferOutput<typeof Customer>;

export const SavedMethod = v.object({
  ...BarePaymentMethod.entries,
  tenant: v.string(),
  /** `Details` as JSON; null once removed. */
  details: v.nullable(SealedText),
  /** `First` as JSON. */
  first: SealedText,
});
export type SavedMethod = v.InferOutput<typeof SavedMethod>;

export const Person = v.object(personal);
export type Person = v.InferOutput<typeof Person>;

/** What paying needs, and what may be shown. */
export const Details = v.object({ token: v.string(), connection: v.nullable(v.string()), card: v.nullable(Card) });
export type Details = v.InferOutput<typeof Details>;

/** What a repeat is judged by, and the reply that it gets: both tell of the person. */
export const First = v.object({ body_digest: v.string(), reply: v.string() });
export type First = v.InferOutput<typeof First>;

export interface NewObject {
  readonly id: string;
  readonly tenant: string;
  readonly mode: Mode;
  readonly createdAt: string;
}

/** The one form of an e-mail address that two spellings share: mailboxes are not told apart by their capitals. */
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

interface SealedPerson {
  readonly person: Sealed<string>;
  readonly email_digest: string | null;
}

export const createCustomer = (
  { id, tenant, mode, createdAt }: NewObject,
  sealed: SealedPerson & { readonly first: Sealed<string> },
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
  },
});

export const updateCustomer = (customer: Customer, sealed: SealedPerson, now: string): Change<Customer> => ({
  fact: 'customer.updated',
  next: { ...customer, ...sealed, updated_at: now },
});

export const shownCustomer = (customer: Omit<NewObject, 'createdAt'> & Timed, person: Person): PublicCustomerShape => ({
  id: customer.id,
  object: 'customer',
  mode: customer.mode,
  ...person,
  created_at: customer.created_at,
  updated_at: customer.updated_at,
});

interface Timed {
  readonly created_at: string;
  readonly updated_at: string;
}
type PublicCustomerShape = v.InferOutput<typeof PublicCustomer>;

export const detailsOf = (body: v.InferOutput<typeof SavePaymentMethod>): Details => ({
  token: body.token,
  connection: body.connection ?? null,
  card: body.card ?? null,
});

/** A customer and one of its saved methods, as a decision leaves both. */
export interface WithMethod {
  readonly customer: Customer;
  readonly method: SavedMethod;
}

export function saveMethod(
  customer: Customer,
  { id, tenant, mode, createdAt }: NewObject,
  sealed: { readonly details: Sealed<string>; readonly first: Sealed<string> },
): Change<WithMethod> | { readonly refused: 'too_many_payment_methods' } {
  if (customer.payment_methods.length >= limits.paymentMethods) return { refused: 'too_many_payment_methods' };
  const named = { id, created_at: createdAt };
  return {
    fact: 'payment_method.saved',
    next: {
      customer: { ...customer, payment_methods: [named, ...customer.payment_methods] },
      method: { ...named, object: 'payment_method', tenant, mode, customer: customer.id, ...sealed },
    },
  };
}

/** Null: it is removed already. Its first reply stays, so that a repeat of the request still gets it. */
export const removeMethod = ({ customer, method }: WithMethod): Change<WithMethod> | null =>
  method.details === null
    ? null
    : {
        fact: 'payment_method.removed',
        next: {
          customer: { ...customer, payment_methods: customer.payment_methods.filter(({ id }) => id !== method.id) },
          method: { ...method, details: null },
        },
      };

export const shownMethod = (
  { id, mode, customer, created_at }: Omit<SavedMethod, 'details' | 'first' | 'tenant' | 'object'>,
  { connection, card }: Details,
): v.InferOutput<typeof SavedPaymentMethod> => ({
  id,
  object: 'payment_method',
  mode,
  customer,
  connection,
  card,
  created_at,
});
