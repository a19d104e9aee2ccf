// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../contract/operations/payments.ts';
import { paymentRow } from '../../store/payments.ts';
import type { Handler, HandlerPorts } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listPayments: Handler<typeof operation, HandlerPorts> = (call, { platform }) =>
  listOwned(operation, paymentRow, call, platform);
