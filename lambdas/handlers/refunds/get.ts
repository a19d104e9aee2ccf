// Reads one refund of a payment.

import { getRefund as operation } from '../../../contract/operations/refunds.ts';
import { getModification } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const getRefund: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('refund', operation.reply, call, ports);
