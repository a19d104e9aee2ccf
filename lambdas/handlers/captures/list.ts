// Lists the captures of a payment, newest first.

import { listCaptures as operation } from '../../../contract/operations/captures.ts';
import { listModifications } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const listCaptures: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  listModifications('capture', operation, call, ports);
