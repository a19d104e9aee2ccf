// Repeats of what created something under a subject's key: the first reply, as long as the subject is not erased. What a
// repeat is judged by is sealed with the reply: a digest of what was sent would outlive the person.

import type { Digests } from '../crypto/digest.ts';
import type { Sealed } from '../crypto/envelope.ts';
import type { SubjectKey } from '../crypto/subject_keys.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Answer } from '../handlers/handler.ts';
import { openFor } from './sealed.ts';

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
