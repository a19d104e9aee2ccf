// Changes a customer: what is sent, and nothing else. What it comes to is sealed anew under the customer's own key.

import { customerLimits as limits } from '../../../../contract/customers/limits.ts';
import { updateCustomer as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { updateCustomer as decide, toPublicCustomer, updatePerson } from '../../domain/customer.ts';
import { emailDigest } from '../../email_digest.ts';
import type { CustomerPorts } from '../../ports.ts';
import { openFor, sealFor } from '../../sealed.ts';
import { updateCustomer as write } from '../../store.ts';
import { openSubject, present } from '../../subject.ts';

export const updateCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform, digests } = ports;
  const member = tenantScopeOf(call.identity);
  const act = await auditContextOf(call, member, ports.keyring);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const { stored, customer, key } = await openSubject(ports, member, call.params.customer_id ?? '');
    const before = openFor(key, 'person', customer.id, present(customer.person));
    const person = updatePerson(before, call.body);
    if (person === null)
      return { body: serialize(operation.reply, toPublicCustomer(customer, before)), outcome: 'unchanged' };
    const sealed = {
      person: sealFor(key, 'person', customer.id, person),
      email_digest: await emailDigest(digests, member, person.email),
    };
    const { next, fact } = decide(customer, sealed, timestamp(platform.clock()));
    const done = await write(platform, stored.customer, next, fact, act);
    if (done.kind === 'committed') return committed(serialize(operation.reply, toPublicCustomer(next, person)));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
