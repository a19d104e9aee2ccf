// Lists the voids of a payment, newest first.

import { listVoids as operation } from '../../../contract/operations/voids.ts';
import { listModifications } from '../../money/read.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Handler } from '../handler.ts';

export const listVoids: Handler<typeof operation, Platform> = (call, platform) =>
  listModifications('void', operation, call, platform);
