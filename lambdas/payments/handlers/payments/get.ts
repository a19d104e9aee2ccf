// Reads one payment.

import { getPayment as operation } from '../../../../contract/payments/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { get } from '../../../kernel/operation/get.ts';
import { paymentRow } from '../../store.ts';

export const getPayment = get(operation, paymentRow, withOpenFields);
