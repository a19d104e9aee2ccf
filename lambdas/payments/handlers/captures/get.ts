// Reads one capture of a payment.

import { getCapture as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { getModification } from '../../read.ts';

export const getCapture: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('capture', operation.reply, call, ports);
