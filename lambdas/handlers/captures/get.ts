// Reads one capture of a payment.

import { getCapture as operation } from '../../../contract/operations/captures.ts';
import { getModification } from '../../money/read.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Handler } from '../handler.ts';

export const getCapture: Handler<typeof operation, Platform> = (call, platform) =>
  getModification('capture', operation.reply, call, platform);
