// Reads one saved payment method of a customer's, without its token; one that was removed is not there any more.

import { getPaymentMethod as operation } from '../../../../contract/customers/operations.ts';
import { Refusal } from '../../../kernel/domain/refusal.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type Handler, read } from '../../../kernel/operation/call.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { toPublicMethod } from '../../domain/saved_method.ts';
import type { CustomerPorts } from '../../ports.ts';
import { openFor } from '../../sealed.ts';
import { openSubject } from '../../subject.ts';

export const getPaymentMethod: Handler<typeof operation, CustomerPorts> = async (call, ports) => {
  const { customer_id = '', payment_method_id = '' } = call.params;
  const { key, method } = await openSubject(ports, tenantScopeOf(call.identity), customer_id, payment_method_id);
  const sealed = method?.value.details ?? null;
  if (method === undefined || sealed === null) throw new Refusal('payment_method_not_found');
  const details = openFor(key, 'details', method.value.id, sealed);
  return read(serialize(operation.reply, toPublicMethod(method.value, details)));
};
