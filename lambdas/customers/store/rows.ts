// The tables of data subjects: a customer and its saved payment methods share a partition of `subjects`; the subject's key
// lies in `subject_keys`, so that no copy of the one table opens without the other.

import type { Change } from '../../kernel/domain/decision.ts';
import { ownerOf } from '../../kernel/domain/tenant_scope.ts';
import { type AuditContext, type Committed, commit, type StorePlatform } from '../../kernel/store/commit.ts';
import type { RowType, Stored } from '../../kernel/store/row.ts';
import { Customer } from '../domain/customer.ts';
import { SavedMethod, type WithMethod } from '../domain/saved_method.ts';
import { type Keyed, SubjectKey } from '../domain/subject.ts';

export const customerRow: RowType<Customer> = {
  table: 'subjects',
  schema: Customer,
  key: ({ id }) => ({ pk: id, sk: 'subject' }),
  listed: (customer) =>
    customer.status === 'active' ? { owner: ownerOf(customer), id: customer.id, since: customer.created_at } : null,
  lookup: (customer) =>
    customer.email_digest === null
      ? null
      : { owner: ownerOf(customer), digest: customer.email_digest, id: customer.id, since: customer.created_at },
};

export const savedMethodRow: RowType<SavedMethod> = {
  table: 'subjects',
  schema: SavedMethod,
  key: ({ id, customer }) => ({ pk: customer, sk: id }),
};

export const subjectKeyRow: RowType<SubjectKey> = {
  table: 'subject_keys',
  schema: SubjectKey,
  key: ({ subject }) => ({ pk: subject, sk: 'key' }),
};

export interface StoredSubject {
  readonly customer: Stored<Customer>;
  /** Undefined: it is lost. A destroyed one is there, without its wrapped form. */
  readonly key: Stored<SubjectKey> | undefined;
}

/** A customer with its key, made or erased: both or neither. */
export const writeSubject = (
  platform: StorePlatform,
  before: StoredSubject | null,
  { next, fact }: Change<Keyed>,
  audit: AuditContext,
): Promise<Committed<[SubjectKey, Customer]>> =>
  commit(
    platform,
    [
      { type: subjectKeyRow, before: before?.key ?? null, next: next.key },
      { type: customerRow, before: before?.customer ?? null, next: next.customer },
    ],
    fact && { type: fact, aggregateId: next.customer.id },
    audit,
  );

/** A saved method, and the customer that names it and whose sequence its fact has. */
export const writeMethod = (
  platform: StorePlatform,
  before: { readonly customer: Stored<Customer>; readonly method: Stored<SavedMethod> | null },
  { next, fact }: Change<WithMethod>,
  audit: AuditContext,
): Promise<Committed<[Customer, SavedMethod]>> =>
  commit(
    platform,
    [
      { type: customerRow, before: before.customer, next: next.customer },
      { type: savedMethodRow, before: before.method, next: next.method },
    ],
    fact && { type: fact, aggregateId: next.customer.id },
    audit,
  );
