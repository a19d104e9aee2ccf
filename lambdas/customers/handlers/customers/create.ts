// Creates a customer with its own key, in one transaction: neither is ever without the other. A repeat gets the first
// reply, or nothing once the customer was deleted.

import { createCustomer as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { createCustomer as decide, personOf, toPublicCustomer } from '../../domain/customer.ts';
import { subjectKey } from '../../domain/subject.ts';
import { emailDigest } from '../../email_digest.ts';
import { replay } from '../../original_response.ts';
import { sealFor } from '../../sealed.ts';
import { loadSubject } from '../../store/reads.ts';
import { writeSubject } from '../../store/rows.ts';
import { openKey, type SubjectPorts } from '../../subject.ts';

export const createCustomer = route(operation, async (call, ports: CreatePorts & SubjectPorts) => {
  const { platform, digests, subjects } = ports;
  const subject = { id: call.objectId, ...call.scope };
  const person = personOf(call.body);
  const [audit, body_digest, email_digest, { wrapped, key }] = await Promise.all([
    call.auditContext(),
    digests.of(call.sent),
    emailDigest(digests, call.scope, person.email),
    subjects.make(subject),
  ]);
  const sealed = { person: sealFor(key, 'person', subject.id, person), email_digest };
  return untilCommitted(platform, async () => {
    const { next, fact } = decide({ ...subject, createdAt: timestamp(platform.clock()) }, sealed);
    const reply = serialize(operation.reply, toPublicCustomer(next, person));
    const original_response = sealFor(key, 'original_response', subject.id, { body_digest, reply });
    const keyed = { key: subjectKey(subject, wrapped), customer: { ...next, original_response } };
    const done = await writeSubject(platform, null, { next: keyed, fact }, audit);
    if (done.kind === 'committed') return committed(reply);
    // A transaction that held it, and of which nothing is found, may come to be or not.
    const found = await loadSubject(platform, subject.id);
    return found === undefined
      ? conflict
      : replay(ports, await openKey(subjects, found), found.customer.value, call.sent);
  });
});
