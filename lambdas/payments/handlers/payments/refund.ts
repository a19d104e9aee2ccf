// Refunds a captured payment, in full or in part.

import { refundPayment as operation } from '../../../../contract/payments/operations.ts';
import { route } from '../../../kernel/operation/route.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const refundPayment = route(operation, (call, ports: MoneyPorts) => modify('refund', call, call.body, ports));
