// Reads one refund of a payment.

import { getRefund as operation } from '../../../../contract/payments/operations.ts';
import { getModification } from '../../read.ts';

export const getRefund = getModification(operation, 'refund');
