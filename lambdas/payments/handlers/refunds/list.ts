// Lists the refunds of a payment, newest first.

import { listRefunds as operation } from '../../../../contract/payments/operations.ts';
import { listModifications } from '../../read.ts';

export const listRefunds = listModifications(operation, 'refund');
