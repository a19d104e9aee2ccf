// Lists the refunds of a payment, newest first.

import { listRefunds as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listModifications } from '../../read.ts';

export const listRefunds: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('refund', operation, call, ports);
