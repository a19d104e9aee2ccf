// Creates a customer with its own key, in one transaction: neither is ever without the other. A repeat gets the first
// reply, or nothing once the customer was deleted.

import { createCustomer as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { createCustomer as decide, personOf, toPublicCustomer } from '../../domain/customer.ts';
import { subjectKey } from '../../domain/subject.ts';
import { emailDigest } from '../../email_digest.ts';
import type { CustomerPorts } from '../../ports.ts';
import { replay } from '../../replay.ts';
import { sealFor } from '../../sealed.ts';
import { writeSubject } from '../../store.ts';
import { openSubject, present } from '../../subject.ts';

export const createCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform, digests, subjects } = ports;
  const member = tenantScopeOf(call.identity);
  const subject = { id: call.objectId, ...member };
  const person = personOf(call.body);
  const [act, body_digest, email_digest, { wrapped, key }] = await Promise.all([
    auditContextOf(call, member, ports.keyring),
    digests.of(call.sent),
    emailDigest(digests, member, person.email),
    subjects.make(subject),
  ]);
  const createdAt = timestamp(platform.clock());
  const times = { created_at: createdAt, updated_at: createdAt };
  const reply = serialize(operation.reply, toPublicCustomer({ ...subject, ...times }, person));
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
