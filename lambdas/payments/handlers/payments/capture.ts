// Captures an authorized payment, in full or in part.

import { capturePayment as operation } from '../../../../contract/payments/operations.ts';
import { modify } from '../../modify.ts';

export const capturePayment = modify(operation);
