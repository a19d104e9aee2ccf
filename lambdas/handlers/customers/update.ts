// Changes a customer: what is sent, and nothing else. What it comes to is sealed anew under the customer's own key.

import { customerLimits as limits } from '../../../contract/limits.ts';
import { updateCustomer as operation } from '../../../contract/operations/customers.ts';
import { emailDigest } from '../../customers/email_digest.ts';
import type { CustomerPorts } from '../../customers/ports.ts';
import { openFor, sealFor } from '../../customers/sealed.ts';
import { openSubject, present } from '../../customers/subject.ts';
import { updateCustomer as decide, shownCustomer, updatePerson } from '../../domain/customer.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { timestamp } from '../../platform/clock.ts';
import { updateCustomer as write } from '../../store/subjects.ts';
import { actOf, memberOf } from '../caller.ts';
import { committed, type Handler } from '../handler.ts';

export const updateCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform, digests } = ports;
  const member = memberOf(call.identity);
  const act = await actOf(call, member, ports.keyring);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const { stored, customer, key } = await openSubject(ports, member, call.params.customer_id ?? '');
    const before = openFor(key, 'person', customer.id, present(customer.person));
    const person = updatePerson(before, call.body);
    if (person === null)
      return { body: represent(operation.reply, shownCustomer(customer, before)), outcome: 'unchanged' };
    const sealed = {
      person: sealFor(key, 'person', customer.id, person),
      email_digest: await emailDigest(digests, member, person.email),
    };
    const { next, fact } = decide(customer, sealed, timestamp(platform.clock()));
    const done = await write(platform, stored.customer, next, fact, act);
    if (done.kind === 'committed') return committed(represent(operation.reply, shownCustomer(next, person)));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
