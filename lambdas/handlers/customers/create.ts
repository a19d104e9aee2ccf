// Creates a customer with its own key, in one transaction: neither is ever without the other. A repeat gets the first
// reply, or nothing once the customer was deleted.

import { createCustomer as operation } from '../../../contract/operations/customers.ts';
import { emailDigest } from '../../customers/email_digest.ts';
import type { CustomerPorts } from '../../customers/ports.ts';
import { replay } from '../../customers/repeat.ts';
import { sealFor } from '../../customers/sealed.ts';
import { openSubject, present } from '../../customers/subject.ts';
import { createCustomer as decide, personOf, shownCustomer } from '../../domain/customer.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { subjectKey } from '../../domain/subject.ts';
import { timestamp } from '../../platform/clock.ts';
import { writeSubject } from '../../store/subjects.ts';
import { actOf, memberOf } from '../caller.ts';
import { committed, type Handler } from '../handler.ts';

export const createCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform, digests, subjects } = ports;
  const member = memberOf(call.identity);
  const subject = { id: call.objectId, ...member };
  const person = personOf(call.body);
  const [act, body_digest, email_digest, { wrapped, key }] = await Promise.all([
    actOf(call, member, ports.keyring),
    digests.of(call.sent),
    emailDigest(digests, member, person.email),
    subjects.make(subject),
  ]);
  const createdAt = timestamp(platform.clock());
  const times = { created_at: createdAt, updated_at: createdAt };
  const reply = represent(operation.reply, shownCustomer({ ...subject, ...times }, person));
  const { next, fact } = decide(
    { ...subject, createdAt },
    {
      person: sealFor(key, 'person', subject.id, person),
      email_digest,
      first: sealFor(key, 'first', subject.id, { body_digest, reply }),
    },
  );
  const done = await writeSubject(platform, null, { key: subjectKey(subject, wrapped), customer: next }, fact, act);
  if (done.kind === 'committed') return committed(reply);
  const there = await openSubject(ports, member, subject.id).catch(unsettled);
  return replay(digests, there.key, { id: subject.id, first: present(there.customer.first) }, call.sent);
};

/** A transaction held it, and told nothing: it may come to be, or not. */
function unsettled(error: unknown): never {
  if (error instanceof Refusal && error.code === 'customer_not_found') {
    throw new Refusal('unavailable', { retryAfterSeconds: 1 });
  }
  throw error;
}
