// First replies to what created something under a subject's key. The kernel's `create` seals a reply under the tenant's key and
// lays the digest of the body beside it in the clear: both would outlive the person. So here the two are sealed together,
// under the subject's key, which is read, or made, with the subject; that is why these handlers commit by themselves.

import type { SubjectKey } from '../kernel/crypto/subject_keys.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import type { Answer } from '../kernel/operation/call.ts';
import type { Ports } from '../kernel/operation/ports.ts';
import { openFor } from './sealed.ts';
import { present } from './subject.ts';

/** The first reply again, to a request that asked for the same, as long as the subject is not erased. */
export async function replay(
  { digests }: Pick<Ports, 'digests'>,
  key: SubjectKey,
  created: { readonly id: string; readonly original_response: Sealed<string> | null },
  sent: unknown,
): Promise<Answer> {
  const { body_digest, reply } = openFor(key, 'original_response', created.id, present(created.original_response));
  if (!(await digests.matches(sent, body_digest))) throw new Refusal('idempotency_mismatch');
  return { body: reply, outcome: 'replayed' };
}
