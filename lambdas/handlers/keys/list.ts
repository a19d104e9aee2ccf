// Lists the caller's API keys, newest first; never a secret.

import { listKeys as operation } from '../../../contract/operations/keys.ts';
import { keyRow } from '../../store/tenants.ts';
import type { Handler, HandlerPorts } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listKeys: Handler<typeof operation, HandlerPorts> = (call, { platform }) =>
  listOwned(operation, keyRow, call, platform);
