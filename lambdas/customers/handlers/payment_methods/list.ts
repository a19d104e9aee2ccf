// Lists the saved payment methods of a customer, newest first, without their tokens. The customer names them all: there
// are few.

import { listPaymentMethods as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { read } from '../../../kernel/operation/call.ts';
import { cursorsOf, identity, newestAfter, pageOf } from '../../../kernel/operation/page.ts';
import { route } from '../../../kernel/operation/route.ts';
import { toPublicMethod } from '../../domain/saved_method.ts';
import { openFor } from '../../sealed.ts';
import { loadMethods } from '../../store/reads.ts';
import { openSubject, type SubjectPorts } from '../../subject.ts';

export const listPaymentMethods = route(operation, async (call, ports: SubjectPorts) => {
  const { customer_id } = call.params;
  const cursors = cursorsOf(ports.keyring, call.scope, [operation.id, customer_id]);
  const after = await cursors.position(call.query.cursor);
  const { customer, key } = await openSubject(ports, call.scope, customer_id);
  const named = newestAfter(customer.payment_methods, after);
  const methods = await loadMethods(
    ports.platform,
    customer.id,
    named.map(({ value }) => value.id),
  );
  const items = named.flatMap(({ value: { id }, position }) => {
    const method = methods.get(id);
    // Removed since the customer was read.
    if (method === undefined || method.details === null) return [];
    return [{ position, value: toPublicMethod(method, openFor(key, 'details', id, method.details)) }];
  });
  return read(serialize(operation.reply, await pageOf(cursors, call.query, items, identity)));
});
