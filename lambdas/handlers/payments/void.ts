// Voids all of an authorized payment that no capture holds.

import type { voidPayment as operation } from '../../../contract/operations/payments.ts';
import { modify } from '../../money/modify.ts';
import type { MoneyPorts } from '../../money/ports.ts';
import type { Handler } from '../handler.ts';

export const voidPayment: Handler<typeof operation, MoneyPorts> = (call, ports) => modify('void', call, {}, ports);
