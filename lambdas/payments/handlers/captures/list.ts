// Lists the captures of a payment, newest first.

import { listCaptures as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { listModifications } from '../../read.ts';

export const listCaptures = route(operation, (call, ports: HandlerPorts) =>
  listModifications('capture', operation, call, ports),
);
