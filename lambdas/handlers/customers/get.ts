// Reads one customer of the caller's; of one that was deleted there is nothing to read.

import { getCustomer as operation } from '../../../contract/operations/customers.ts';
import type { CustomerPorts } from '../../customers/ports.ts';
import { openFor } from '../../customers/sealed.ts';
import { openSubject, present } from '../../customers/subject.ts';
import { shownCustomer } from '../../domain/customer.ts';
import { represent } from '../../domain/representation.ts';
import { memberOf } from '../caller.ts';
import { type Handler, read } from '../handler.ts';

export const getCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { customer, key } = await openSubject(ports, memberOf(call.identity), call.params.customer_id ?? '');
  const person = openFor(key, 'person', customer.id, present(customer.person));
  return read(represent(operation.reply, shownCustomer(customer, person)));
};
