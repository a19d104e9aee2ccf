// Reads one customer of the caller's; of one that was deleted there is nothing to read.

import { getCustomer as operation } from '../../../../contract/customers/customer_operations.ts';
import { type Handler, read } from '../../../kernel/operation/call.ts';
import { memberOf } from '../../../kernel/operation/scope.ts';
import { represent } from '../../../kernel/operation/serialize.ts';
import { shownCustomer } from '../../domain/customer.ts';
import type { CustomerPorts } from '../../ports.ts';
import { openFor } from '../../sealed.ts';
import { openSubject, present } from '../../subject.ts';

export const getCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { customer, key } = await openSubject(ports, memberOf(call.identity), call.params.customer_id ?? '');
  const person = openFor(key, 'person', customer.id, present(customer.person));
  return read(represent(operation.reply, shownCustomer(customer, person)));
};
