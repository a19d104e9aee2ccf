// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../../contract/payments/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { list } from '../../../kernel/operation/list.ts';
import { paymentRow } from '../../store.ts';

export const listPayments = list(operation, paymentRow, withOpenFields);
