// Lists the voids of a payment, newest first.

import { listVoids as operation } from '../../../../contract/payments/operations.ts';
import { listModifications } from '../../read.ts';

export const listVoids = listModifications(operation, 'void');
