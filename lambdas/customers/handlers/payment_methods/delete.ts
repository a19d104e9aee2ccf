// Removes a saved payment method: its token is taken out of its row. Removing twice is the same as once.

import { customerLimits as limits } from '../../../../contract/customers/limits.ts';
import { removePaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type Handler } from '../../../kernel/operation/call.ts';
import { auditContextOf, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { removeMethod as decide } from '../../domain/saved_method.ts';
import type { CustomerPorts } from '../../ports.ts';
import { writeMethod } from '../../store.ts';
import { openSubject } from '../../subject.ts';

export const removePaymentMethod: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const member = tenantScopeOf(call.identity);
  const { customer_id = '', payment_method_id = '' } = call.params;
  const act = await auditContextOf(call, member, ports.keyring);
  for (let tries = 0; tries < limits.commitTries; tries += 1) {
    const { stored, customer, method } = await openSubject(ports, member, customer_id, payment_method_id);
    if (method === undefined) throw new Refusal('payment_method_not_found');
    const change = decide({ customer, method: method.value });
    if (change === null) return { body: serialize(operation.reply, method.value), outcome: 'unchanged' };
    const { next, fact } = change;
    const done = await writeMethod(ports.platform, { customer: stored.customer, method }, next, fact, act);
    if (done.kind === 'committed') return committed(serialize(operation.reply, next.method));
  }
  throw new Refusal('unavailable', { retryAfterSeconds: 1 });
};
