// Reads one capture of a payment.

import { getCapture as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { getModification } from '../../read.ts';

export const getCapture = route(operation, (call, ports: HandlerPorts) =>
  getModification('capture', operation.reply, call, ports),
);
