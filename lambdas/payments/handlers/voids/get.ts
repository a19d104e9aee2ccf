// Reads one void of a payment.

import { getVoid as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { getModification } from '../../read.ts';

export const getVoid = route(operation, (call, ports: HandlerPorts) =>
  getModification('void', operation.reply, call, ports),
);
