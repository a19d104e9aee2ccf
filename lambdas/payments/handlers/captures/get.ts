// Reads one capture of a payment.

import { getCapture as operation } from '../../../../contract/payments/operations.ts';
import { getModification } from '../../read.ts';

export const getCapture = getModification(operation, 'capture');
