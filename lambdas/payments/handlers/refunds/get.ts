// Reads one refund of a payment.

import { getRefund as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { getModification } from '../../read.ts';

export const getRefund = route(operation, (call, ports: HandlerPorts) =>
  getModification('refund', operation.reply, call, ports),
);
