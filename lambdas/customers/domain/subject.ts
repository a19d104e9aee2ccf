// A data subject and its key. Erasing destroys the key and everything that the subject's row holds beside its name: what was
// sealed under the key, wherever it lies, is unreadable from then on. Nothing may bring a destroyed key back.

import * as v from 'valibot';
import { modes } from '../../../contract/kernel/roles.ts';
import type { Change } from '../../kernel/domain/decision.ts';
import type { Sealed } from '../../kernel/domain/sealed_text.ts';
import { SealedText } from '../../kernel/domain/sealed_text.ts';
import type { Customer } from './customer.ts';

export const SubjectKey = v.object({
  /** `key#` and the subject's: the row is no aggregate of its own. */
  id: v.string(),
  subject: v.string(),
  tenant: v.string(),
  mode: v.picklist(modes),
  /** Null once destroyed, for good. */
  wrapped: v.nullable(SealedText),
  destroyed_at: v.nullable(v.string()),
});
export type SubjectKey = v.InferOutput<typeof SubjectKey>;

export type Subject = Pick<Customer, 'id' | 'tenant' | 'mode'>;

export const subjectKey = ({ id, tenant, mode }: Subject, wrapped: Sealed<string> | null): SubjectKey => ({
  id: `key#${id}`,
  subject: id,
  tenant,
  mode,
  wrapped,
  destroyed_at: null,
});

/** Whether nothing of the subject may be read any more. A key that is not there is no erasure: it is missed where it is used. */
export const isErased = (customer: Pick<Customer, 'status'>, key: SubjectKey | undefined): boolean =>
  customer.status === 'deleted' || key?.wrapped === null;

export interface Keyed {
  readonly customer: Customer;
  readonly key: SubjectKey;
}

/**
 * Null: both are erased already. Where a restored table has brought one of them back it is erased again; only for one
 * that was active until now a fact is recorded.
 */
export function eraseSubject(customer: Customer, key: SubjectKey | undefined, now: string): Change<Keyed> | null {
  const gone = key?.wrapped === null ? key : { ...subjectKey(customer, null), destroyed_at: now };
  const { status } = customer;
  if (status === 'deleted' && gone === key) return null;
  return {
    fact: status === 'active' ? 'customer.deleted' : null,
    next: {
      key: gone,
      customer: {
        ...customer,
        status: 'deleted',
        updated_at: status === 'active' ? now : customer.updated_at,
        email_digest: null,
        payment_methods: [],
        person: null,
        original_response: null,
      },
    },
  };
}
