// Customers: persons whom a tenant knows. What is known of one is sealed under a key of its own; what may be told of one in
// events, audit entries and to whoever deletes it holds nothing personal.

import * as v from 'valibot';
import { countries } from '../kernel/countries.ts';
import { Id, Metadata, Mode, Text, Timestamp } from '../kernel/fields.ts';
import { requestLimits } from '../kernel/limits.ts';
import { ListQuery } from '../kernel/list.ts';
import { customerLimits as limits } from './limits.ts';

/** RFC 5321's form with a domain name, in any script, without quotes and comments: what people have. */
export const Email = v.pipe(
  v.string(),
  v.maxLength(limits.emailChars),
  v.regex(
    /^[^\s\p{C}@"(),:;<>[\\\]]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,62})\.)+[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{1,62}$/u,
    'Expected an e-mail address',
  ),
  v.check((text) => text.isWellFormed(), 'Expected well-formed Unicode'),
);

/** ITU-T E.164. */
export const Phone = v.pipe(
  v.string(),
  v.regex(/^\+[1-9]\d{6,14}$/, 'Expected + and 7 to 15 digits, such as +442079460018'),
);

const line = v.nullable(Text(limits.addressFieldChars));

export const PostalAddress = v.strictObject({
  line1: v.optional(line, null),
  line2: v.optional(line, null),
  city: v.optional(line, null),
  state: v.optional(line, null),
  postal_code: v.optional(v.nullable(Text(limits.postalCodeChars)), null),
  country: v.optional(v.nullable(v.picklist(countries, 'Expected an ISO 3166-1 code of two upper-case letters')), null),
});

export const CreateCustomer = v.strictObject({
  name: v.optional(Text(limits.nameChars)),
  email: v.optional(Email),
  phone: v.optional(Phone),
  address: v.optional(PostalAddress),
  description: v.optional(Text(requestLimits.descriptionChars)),
  metadata: v.optional(Metadata, {}),
});

/** Absent: as it was. Null: removed. */
export const UpdateCustomer = v.strictObject({
  name: v.optional(v.nullable(Text(limits.nameChars))),
  email: v.optional(v.nullable(Email)),
  phone: v.optional(v.nullable(Phone)),
  address: v.optional(v.nullable(PostalAddress)),
  description: v.optional(v.nullable(Text(requestLimits.descriptionChars))),
  metadata: v.optional(Metadata),
});

const text = v.nullable(v.string());

/** All that is known of a person, and that the person's key seals. */
export const personal = {
  name: text,
  email: text,
  phone: text,
  address: v.nullable(
    v.object({ line1: text, line2: text, city: text, state: text, postal_code: text, country: text }),
  ),
  description: text,
  metadata: v.record(v.string(), v.string()),
} as const;

export const Customer = v.object({
  id: Id('customer'),
  object: v.literal('customer'),
  mode: Mode,
  ...personal,
  created_at: Timestamp,
  updated_at: Timestamp,
});

/** A customer without anything personal. */
export const BareCustomer = v.object({
  id: Id('customer'),
  object: v.literal('customer'),
  mode: Mode,
  status: v.picklist(['active', 'deleted']),
  created_at: Timestamp,
  updated_at: Timestamp,
});

export const CustomerQuery = v.strictObject({ ...ListQuery.entries, email: v.optional(Email) });
