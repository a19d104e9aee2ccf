// Reads one customer of the caller's; of one that was deleted there is nothing to read.

import { getCustomer as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type Handler, read } from '../../../kernel/operation/call.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { toPublicCustomer } from '../../domain/customer.ts';
import type { CustomerPorts } from '../../ports.ts';
import { openFor } from '../../sealed.ts';
import { openSubject, present } from '../../subject.ts';

export const getCustomer: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { customer, key } = await openSubject(ports, tenantScopeOf(call.identity), call.params.customer_id ?? '');
  const person = openFor(key, 'person', customer.id, present(customer.person));
  return read(serialize(operation.reply, toPublicCustomer(customer, person)));
};
