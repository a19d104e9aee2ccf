// Voids all of an authorized payment that no capture holds.

import { voidPayment as operation } from '../../../../contract/payments/operations.ts';
import { route } from '../../../kernel/operation/route.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const voidPayment = route(operation, (call, ports: MoneyPorts) => modify('void', call, {}, ports));
