// Voids all of an authorized payment that no capture holds.

import type { voidPayment as operation } from '../../../../contract/payments/operations.ts';
import type { Handler } from '../../../kernel/operation/call.ts';
import { modify } from '../../modify.ts';
import type { MoneyPorts } from '../../ports.ts';

export const voidPayment: Handler<typeof operation, MoneyPorts> = (call, ports) => modify('void', call, {}, ports);
