// Lists the caller's payments, newest first.

import { listPayments as operation } from '../../../contract/operations/payments.ts';
import type { Platform } from '../../platform/platform.ts';
import { paymentRow } from '../../store/payments.ts';
import type { Handler } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listPayments: Handler<typeof operation, Platform> = (call, platform) =>
  listOwned(operation, paymentRow, call, platform);
