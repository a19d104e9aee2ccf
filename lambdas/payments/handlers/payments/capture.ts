// Captures an authorized payment, in full or in part.

import { capturePayment as operation } from '../../../../contract/payments/operations.ts';
import { route } from '../../../kernel/operation/route.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const capturePayment = route(operation, (call, ports: MoneyPorts) => modify('capture', call, call.body, ports));
