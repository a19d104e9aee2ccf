// Reads one void of a payment.

import { getVoid as operation } from '../../../contract/operations/voids.ts';
import { getModification } from '../../money/read.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Handler } from '../handler.ts';

export const getVoid: Handler<typeof operation, Platform> = (call, platform) =>
  getModification('void', operation.reply, call, platform);
