// Lists the caller's API keys, newest first; never a secret.

import { listKeys as operation } from '../../../contract/operations/keys.ts';
import type { Platform } from '../../platform/platform.ts';
import { keyRow } from '../../store/tenants.ts';
import type { Handler } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listKeys: Handler<typeof operation, Platform> = (call, platform) =>
  listOwned(operation, keyRow, call, platform);
