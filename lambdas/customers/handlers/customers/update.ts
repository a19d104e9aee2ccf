// Changes a customer: what is sent, and nothing else. The result is sealed again under the customer's own key.

import { updateCustomer as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, unchanged } from '../../../kernel/operation/call.ts';
import type { CreatePorts } from '../../../kernel/operation/create.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { commitChange } from '../../../kernel/store/commit.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { updateCustomer as decide, toPublicCustomer, updatePerson } from '../../domain/customer.ts';
import { emailDigest } from '../../email_digest.ts';
import { openFor, sealFor } from '../../sealed.ts';
import { customerRow } from '../../store/rows.ts';
import { openSubject, present, type SubjectPorts } from '../../subject.ts';

export const updateCustomer = route(operation, (call, ports: CreatePorts & SubjectPorts) => {
  const { platform, digests } = ports;
  return untilCommitted(platform, async () => {
    const { stored, customer, key } = await openSubject(ports, call.scope, call.params.customer_id);
    const before = openFor(key, 'person', customer.id, present(customer.person));
    const person = updatePerson(before, call.body);
    if (person === null) return unchanged(serialize(operation.reply, toPublicCustomer(customer, before)));
    const sealed = {
      person: sealFor(key, 'person', customer.id, person),
      email_digest: await emailDigest(digests, call.scope, person.email),
    };
    const change = decide(customer, sealed, timestamp(platform.clock()));
    const done = await commitChange(platform, customerRow, stored.customer, change, await call.auditContext());
    if (done.kind === 'conflict') return conflict;
    return committed(serialize(operation.reply, toPublicCustomer(change.next, person)));
  });
});
