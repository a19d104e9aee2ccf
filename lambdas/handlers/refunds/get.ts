// Reads one refund of a payment.

import { getRefund as operation } from '../../../contract/operations/refunds.ts';
import { getModification } from '../../money/read.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Handler } from '../handler.ts';

export const getRefund: Handler<typeof operation, Platform> = (call, platform) =>
  getModification('refund', operation.reply, call, platform);
