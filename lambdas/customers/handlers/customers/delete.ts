// Deletes a customer: destroys the key of the data subject, and with it all that was ever sealed of the person. Deleting
// twice is the same as once.

import { deleteCustomer as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { committed, type HandlerPorts, unchanged } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { timestamp } from '../../../kernel/platform/clock.ts';
import { conflict, untilCommitted } from '../../../kernel/store/retry.ts';
import { eraseSubject as decide } from '../../domain/subject.ts';
import { writeSubject } from '../../store/rows.ts';
import { namedSubject } from '../../subject.ts';

export const deleteCustomer = route(operation, (call, { platform }: HandlerPorts) =>
  untilCommitted(platform, async () => {
    const stored = await namedSubject(platform, call.scope, call.params.customer_id);
    const customer = stored.customer.value;
    const change = decide(customer, stored.key?.value, timestamp(platform.clock()));
    if (change === null) return unchanged(serialize(operation.reply, customer));
    const done = await writeSubject(platform, stored, change, await call.auditContext());
    if (done.kind === 'conflict') return conflict;
    const body = serialize(operation.reply, change.next.customer);
    return change.fact === null ? unchanged(body) : committed(body);
  }),
);
