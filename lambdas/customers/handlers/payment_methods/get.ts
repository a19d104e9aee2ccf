// Reads one saved payment method of a customer's, without its token; one that was removed is not there any more.

import { getPaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { read } from '../../../kernel/operation/call.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { toPublicMethod } from '../../domain/saved_method.ts';
import { openFor } from '../../sealed.ts';
import { openSubject, type SubjectPorts } from '../../subject.ts';

export const getPaymentMethod = route(operation, async (call, ports: SubjectPorts) => {
  const { customer_id, payment_method_id } = call.params;
  const { key, method } = await openSubject(ports, call.scope, customer_id, payment_method_id);
  if (!method?.value.details) throw notFound('payment_method');
  const details = openFor(key, 'details', method.value.id, method.value.details);
  return read(serialize(operation.reply, toPublicMethod(method.value, details)));
});
