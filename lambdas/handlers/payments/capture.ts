// Captures an authorized payment, in full or in part.

import type { capturePayment as operation } from '../../../contract/operations/payments.ts';
import { modify } from '../../money/modify.ts';
import type { MoneyPorts } from '../../money/ports.ts';
import type { Handler } from '../handler.ts';

export const capturePayment: Handler<typeof operation, MoneyPorts> = (call, ports) =>
  modify('capture', call, call.body, ports);
