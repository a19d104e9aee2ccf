// Lists the captures of a payment, newest first.

import { listCaptures as operation } from '../../../../contract/payments/operations.ts';
import { listModifications } from '../../read.ts';

export const listCaptures = listModifications(operation, 'capture');
