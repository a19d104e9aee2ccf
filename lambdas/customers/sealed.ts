// What of a customer is sealed, and where: each in its own row and field, so that no other's opens there. What opens is
// parsed; what does not is a defect, told apart from an erasure.

import * as v from 'valibot';
import type { Sealed } from '../crypto/envelope.ts';
import type { SubjectKey } from '../crypto/subject_keys.ts';
import { First, Person } from '../domain/customer.ts';
import { Defect } from '../domain/refusal.ts';
import { Details } from '../domain/saved_method.ts';

const kinds = { person: Person, details: Details, first: First } as const;
type Kind = keyof typeof kinds;
type Content<K extends Kind> = v.InferOutput<(typeof kinds)[K]>;

/** `item`: the id of the customer, or of the saved payment method. */
const placeOf = (kind: Kind, item: string) => ({ purpose: kind, table: 'subjects', item, field: kind });

export const sealFor = <K extends Kind>(key: SubjectKey, kind: K, item: string, content: Content<K>): Sealed<string> =>
  key.seal(JSON.stringify(content), placeOf(kind, item));

/** Throws `Unopenable`. */
export function openFor<K extends Kind>(key: SubjectKey, kind: K, item: string, sealed: Sealed<string>): Content<K> {
  const opened = v.safeParse(v.pipe(v.string(), v.parseJson(), kinds[kind]), key.open(sealed, placeOf(kind, item)));
  if (!opened.success) throw new Defect('what was sealed of a customer has not its form');
  return opened.output as Content<K>;
}
