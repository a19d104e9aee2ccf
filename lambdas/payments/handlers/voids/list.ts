// Lists the voids of a payment, newest first.

import { listVoids as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listModifications } from '../../read.ts';

export const listVoids: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('void', operation, call, ports);
