// Refunds a captured payment, in full or in part.

import type { refundPayment as operation } from '../../../contract/operations/payments.ts';
import { modify } from '../../money/modify.ts';
import type { MoneyPorts } from '../../money/ports.ts';
import type { Handler } from '../handler.ts';

export const refundPayment: Handler<typeof operation, MoneyPorts> = (call, ports) =>
  modify('refund', call, call.body, ports);
