// Removes a saved payment method: its token is taken out of its row. Removing twice is the same as once.

import { removePaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, unchanged } from '../../../kernel/operation/call.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { removeMethod as decide } from '../../domain/saved_method.ts';
import { writeMethod } from '../../store/rows.ts';
import { openSubject, type SubjectPorts } from '../../subject.ts';

export const removePaymentMethod = route(operation, (call, ports: SubjectPorts) => {
  const { customer_id, payment_method_id } = call.params;
  return untilCommitted(ports.platform, async () => {
    const { stored, customer, method } = await openSubject(ports, call.scope, customer_id, payment_method_id);
    if (method === undefined) throw notFound('payment_method');
    const change = decide({ customer, method: method.value });
    if (change === null) return unchanged(serialize(operation.reply, method.value));
    const before = { customer: stored.customer, method };
    const done = await writeMethod(ports.platform, before, change, await call.auditContext());
    return done.kind === 'committed' ? committed(serialize(operation.reply, change.next.method)) : conflict;
  });
});
