// The customer that a call names: read with its key each time, and never kept, so that an erasure holds at once. Another
// tenant's, or another mode's, does not exist; one that was deleted is gone, and says so to its owner alone.

import { DecryptionError } from '../kernel/crypto/keyring.ts';
import { Defect, Refusal } from '../kernel/domain/refusal.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import { owns, type TenantScope } from '../kernel/domain/tenant_scope.ts';
import type { StorePlatform } from '../kernel/store/commit.ts';
import type { Stored } from '../kernel/store/row.ts';
import type { Customer } from './domain/customer.ts';
import type { SavedMethod } from './domain/saved_method.ts';
import { isErased, type SubjectKey as StoredKey, type Subject } from './domain/subject.ts';
import { loadSubject } from './reads.ts';
import type { StoredSubject } from './store.ts';
import type { SubjectKey, SubjectKeys } from './subject_keys.ts';

export interface OpenSubject {
  readonly stored: StoredSubject;
  readonly customer: Customer;
  /** Where one was named, and is there. */
  readonly method: Stored<SavedMethod> | undefined;
  readonly key: SubjectKey;
}

interface Ports {
  readonly platform: StorePlatform;
  readonly subjects: Pick<SubjectKeys, 'unwrap'>;
}

export async function openSubject(
  ports: Ports,
  member: TenantScope,
  id: string,
  methodId?: string,
): Promise<OpenSubject> {
  const found = await loadSubject(ports.platform, id, methodId);
  if (found === undefined || !owns(member, found.customer.value)) throw new Refusal('customer_not_found');
  const { method, ...stored } = found;
  const customer = stored.customer.value;
  if (isErased(customer, stored.key?.value)) throw new Refusal('customer_deleted');
  return { stored, customer, method, key: await unwrapKey(ports, customer, stored.key?.value) };
}

/** Throws `Unopenable` where the key is lost, or is not this subject's. */
export async function unwrapKey(
  { subjects }: Pick<Ports, 'subjects'>,
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
