// Reads one void of a payment.

import { getVoid as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { getModification } from '../../read.ts';

export const getVoid: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('void', operation.reply, call, ports);
