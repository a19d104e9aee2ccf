// Voids all of an authorized payment that no capture holds.

import { voidPayment as operation } from '../../../../contract/payments/operations.ts';
import { modify } from '../../modify.ts';

export const voidPayment = modify(operation);
