// Refunds a captured payment, in full or in part.

import type { refundPayment as operation } from '../../../../contract/payments/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const refundPayment: Handler<typeof operation, MoneyPorts> = (call, ports) =>
  modify('refund', call, call.body, ports);
