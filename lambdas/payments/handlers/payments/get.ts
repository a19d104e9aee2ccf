// Reads one payment.

import { getPayment as operation } from '../../../../contract/payments/operations.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { namedForPayer, replyOf } from '../../named_payer.ts';

export const getPayment = route(operation, async (call, ports: HandlerPorts) => {
  const { value } = await namedForPayer(ports, call);
  return read(await replyOf(operation, call, value, ports));
});
