// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../contract/operations/payments.ts';
import { withTexts } from '../../crypto/texts.ts';
import { paymentRow } from '../../store/payments.ts';
import type { Handler, HandlerPorts } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listPayments: Handler<typeof operation, HandlerPorts> = (call, { platform, keyring }) =>
  listOwned(operation, paymentRow, call, platform, (found) => withTexts(keyring, found));
