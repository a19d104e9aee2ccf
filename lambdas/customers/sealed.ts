// What of a customer is sealed, and where: each in its own row and field, so that no other's opens there. What opens is
// parsed; what does not is a defect, and no erasure.

import type * as v from 'valibot';
import { parseSealed } from '../kernel/crypto/sealed_json.ts';
import type { SubjectKey } from '../kernel/crypto/subject_keys.ts';
import type { Sealed } from '../kernel/domain/sealed_text.ts';
import { OriginalResponse, Person } from './domain/customer.ts';
import { Details } from './domain/saved_method.ts';

const kinds = { person: Person, details: Details, original_response: OriginalResponse } as const;
type Kind = keyof typeof kinds;
type Content<K extends Kind> = v.InferOutput<(typeof kinds)[K]>;

/** `item`: the id of the customer, or of the saved payment method. */
const contextOf = (kind: Kind, item: string) => ({ purpose: kind, table: 'subjects', item, field: kind });

export const sealFor = <K extends Kind>(key: SubjectKey, kind: K, item: string, content: Content<K>): Sealed<string> =>
  key.seal(JSON.stringify(content), contextOf(kind, item));

/** Throws `DecryptionError`. */
export function openFor<K extends Kind>(key: SubjectKey, kind: K, item: string, sealed: Sealed<string>): Content<K> {
  const opened = key.open(sealed, contextOf(kind, item));
  return parseSealed<(typeof kinds)[K]>(kinds[kind], opened, 'what was sealed of a customer');
}
