// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../../contract/payments/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listOwned } from '../../../kernel/operation/list.ts';
import { paymentRow } from '../../store.ts';

export const listPayments: Handler<typeof operation, HandlerPorts> = (call, { platform, keyring }) =>
  listOwned(operation, paymentRow, call, platform, (found) => withOpenFields(keyring, found));
