// Refunds a captured payment, in full or in part.

import { refundPayment as operation } from '../../../../contract/payments/operations.ts';
import { modify } from '../../modify.ts';

export const refundPayment = modify(operation);
