// Captures an authorized payment, in full or in part.

import type { capturePayment as operation } from '../../../../contract/payments/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const capturePayment: Handler<typeof operation, MoneyPorts> = (call, ports) =>
  modify('capture', call, call.body, ports);
