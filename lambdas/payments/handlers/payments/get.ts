// Reads one payment.

import { getPayment as operation } from '../../../../contract/payments/operations.ts';
import { get } from '../../../kernel/operation/get.ts';
import { openPayment } from '../../payer_access.ts';
import { paymentRow } from '../../store.ts';

export const getPayment = get(operation, paymentRow, openPayment);
