// Deletes a customer: destroys the key of the data subject, and with it all that was ever sealed of the person. Deleting
// twice is the same as once.

import { customerLimits as limits } from '../../../../contract/customers/limits.ts';
import { deleteCustomer as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { owns } from '../../../kernel/domain/tenant_scope.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { eraseSubject as decide } from '../../domain/subject.ts';
import type { CustomerPorts } from '../../ports.ts';
import { loadSubject } from '../../reads.ts';
import { writeSubject } from '../../store.ts';

export const deleteCustomer: Handler<typeof operation, CustomerPorts> = async (call, { platform, keyring }) => {
  const member = tenantScopeOf(call.identity);
  const act = await auditContextOf(call, member, keyring);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const stored = await loadSubject(platform, call.params.customer_id ?? '');
    if (stored === undefined || !owns(member, stored.customer.value)) throw new Refusal('customer_not_found');
    const customer = stored.customer.value;
    const change = decide(customer, stored.key?.value, timestamp(platform.clock()));
    if (change === null) return { body: serialize(operation.reply, customer), outcome: 'unchanged' };
    const { next, fact } = change;
    const done = await writeSubject(platform, stored, next, fact, act);
    if (done.kind === 'conflict') continue;
    const body = serialize(operation.reply, next.customer);
    return fact === null ? { body, outcome: 'unchanged' } : committed(body);
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
