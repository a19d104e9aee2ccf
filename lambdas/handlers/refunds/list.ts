// Lists the refunds of a payment, newest first.

import { listRefunds as operation } from '../../../contract/operations/refunds.ts';
import { listModifications } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const listRefunds: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('refund', operation, call, ports);
