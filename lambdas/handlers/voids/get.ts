// Reads one void of a payment.

import { getVoid as operation } from '../../../contract/operations/voids.ts';
import { getModification } from '../../money/read.ts';
import type { Handler, HandlerPorts } from '../handler.ts';

export const getVoid: Handler<typeof operation, HandlerPorts> = (call, ports) =>
  getModification('void', operation.reply, call, ports);
