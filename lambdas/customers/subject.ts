// The customer that a call names: read with its key each time, and never held in memory, so that an erasure holds at once.
// Another tenant's, or another mode's, does not exist; one that was deleted is gone, and its owner alone learns that.

import { DecryptionError } from '../kernel/crypto/keyring.ts';
import type { SubjectKey } from '../kernel/crypto/subject_keys.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import { owns, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { HandlerPorts } from '../kernel/operation/call.ts';
import { notFound } from '../kernel/operation/named.ts';
import type { Ports } from '../kernel/operation/ports.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import { isErased, type SubjectKey as StoredKey, type Subject } from './domain/subject.ts';
import { type FoundSubject, loadSubject } from './store/reads.ts';
import type { StoredSubject } from './store/rows.ts';

export type SubjectPorts = HandlerPorts & Pick<Ports, 'subjects'>;

/** Erased ones too. Refuses with `customer_not_found`. */
export async function namedSubject(
  platform: StorePlatform,
  scope: TenantScope,
  id: string,
  methodId?: string,
): Promise<FoundSubject> {
  const found = await loadSubject(platform, id, methodId);
  if (found === undefined || !owns(scope, found.customer.value)) throw notFound('customer');
  return found;
}

/** As `namedSubject`, with its key opened. Refuses with `customer_deleted` what was erased. */
export async function openSubject(
  { platform, subjects }: SubjectPorts,
  scope: TenantScope,
  id: string,
  methodId?: string,
) {
  const { method, ...stored } = await namedSubject(platform, scope, id, methodId);
  return { stored, customer: stored.customer.value, method, key: await openKey(subjects, stored) };
}

/** Refuses with `customer_deleted` what was erased; throws `DecryptionError` where the key is lost. */
export async function openKey(
  subjects: Pick<Ports['subjects'], 'unwrap'>,
  { customer, key }: StoredSubject,
): Promise<SubjectKey> {
  if (isErased(customer.value, key?.value)) throw new Refusal('customer_deleted');
  return unwrapKey({ subjects }, customer.value, key?.value);
}

/** Throws `DecryptionError` where the key is lost, or is not this subject's. */
export async function unwrapKey(
  { subjects }: { readonly subjects: Pick<Ports['subjects'], 'unwrap'> },
  subject: Subject,
  key: StoredKey | undefined,
): Promise<SubjectKey> {
  if (!key?.wrapped) throw new DecryptionError('key_gone');
  return subjects.unwrap(key.wrapped, subject);
}

/** What only an erased customer lacks. */
export function present(sealed: Sealed<string> | null): Sealed<string> {
  if (sealed === null) throw new Defect('an active customer lacks what is sealed of it');
  return sealed;
}
