// Lists the saved payment methods of a customer, newest first, without their tokens. The customer names them all: there
// are few.

import { listPaymentMethods as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type Handler, read } from '../../../kernel/operation/call.ts';
import { asItIs, newestAfter, pageOf, positionOf } from '../../../kernel/operation/page.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { toPublicMethod } from '../../domain/saved_method.ts';
import type { CustomerPorts } from '../../ports.ts';
import { loadMethods } from '../../reads.ts';
import { openFor } from '../../sealed.ts';
import { openSubject } from '../../subject.ts';

export const listPaymentMethods: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { platform } = ports;
  const { customer_id = '' } = call.params;
  const list = [operation.id, customer_id];
  const after = positionOf(list, call.query.cursor);
  const { customer, key } = await openSubject(ports, tenantScopeOf(call.identity), customer_id);
  const wanted = newestAfter(customer.payment_methods, after);
  const methods = await loadMethods(
    platform,
    customer.id,
    wanted.map(({ value: { id } }) => id),
  );
  const items = wanted.flatMap(({ value: { id }, position }) => {
    const method = methods.get(id);
    // Removed since the customer was read.
    if (method === undefined || method.details === null) return [];
    return [{ position, value: toPublicMethod(method, openFor(key, 'details', id, method.details)) }];
  });
  return read(serialize(operation.reply, await pageOf(list, call.query, items, asItIs)));
};
