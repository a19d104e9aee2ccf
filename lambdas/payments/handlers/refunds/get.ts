// Reads one refund of a payment.

import { getRefund as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { getModification } from '../../read.ts';

export const getRefund: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('refund', operation.reply, call, ports);
