// Lists the captures of a payment, newest first.

import { listCaptures as operation } from '../../../../contract/payments/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listModifications } from '../../read.ts';

export const listCaptures: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('capture', operation, call, ports);
