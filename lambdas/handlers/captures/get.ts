// Reads one capture of a payment.

import { getCapture as operation } from '../../../contract/operations/captures.ts';
import { getModification } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const getCapture: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('capture', operation.reply, call, ports);
