// Reads one customer of the caller's; of one that was deleted there is nothing to read.

import { getCustomer as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { read } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { toPublicCustomer } from '../../domain/customer.ts';
import { openFor } from '../../sealed.ts';
import { openSubject, present, type SubjectPorts } from '../../subject.ts';

export const getCustomer = route(operation, async (call, ports: SubjectPorts) => {
  const { customer, key } = await openSubject(ports, call.scope, call.params.customer_id);
  const person = openFor(key, 'person', customer.id, present(customer.person));
  return read(serialize(operation.reply, toPublicCustomer(customer, person)));
});
