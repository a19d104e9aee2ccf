// Lists the voids of a payment, newest first.

import { listVoids as operation } from '../../../contract/operations/voids.ts';
import { listModifications } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const listVoids: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('void', operation, call, ports);
