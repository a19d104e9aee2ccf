// Lists the voids of a payment, newest first.

import { listVoids as operation } from '../../../../contract/payments/operations.ts';
import type { HandlerPorts } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { listModifications } from '../../read.ts';

export const listVoids = route(operation, (call, ports: HandlerPorts) =>
  listModifications('void', operation, call, ports),
);
