// Reads one void of a payment.

import { getVoid as operation } from '../../../../contract/payments/operations.ts';
import { getModification } from '../../read.ts';

export const getVoid = getModification(operation, 'void');
