// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../../contract/payments/operations.ts';
import { list } from '../../../kernel/operation/list.ts';
import { listedPayment } from '../../payer_access.ts';
import { paymentRow } from '../../store.ts';

export const listPayments = list(operation, paymentRow, listedPayment);
