// Repeats of what created something under a subject's key: the first reply, as long as the subject is not erased. What a
// repeat is judged by is sealed with the reply: a digest of what was sent would outlive the person.

import type { Digests } from '../kernel/crypto/digest.ts';
import { Refusal } from '../kernel/domain/refusal.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import type { Answer } from '../kernel/operation/call.ts';
import { openFor } from './sealed.ts';
import type { SubjectKey } from './subject_keys.ts';

export async function replay(
  digests: Digests,
  key: SubjectKey,
  created: { readonly id: string; readonly first: Sealed<string> },
  sent: unknown,
): Promise<Answer> {
  const { body_digest, reply } = openFor(key, 'first', created.id, created.first);
  if (!(await digests.matches(sent, body_digest))) throw new Refusal('idempotency_mismatch');
  return { body: reply, outcome: 'replayed' };
}
