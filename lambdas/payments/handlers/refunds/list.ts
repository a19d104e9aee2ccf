// Lists the refunds of a payment, newest first.

import { listRefunds as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { listModifications } from '../../read.ts';

export const listRefunds = route(operation, (call, ports: HandlerPorts) =>
  listModifications('refund', operation, call, ports),
);
