// Lists the caller's API keys, newest first; never a secret.

import { listKeys as operation } from '../../../../contract/tenants/operations.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listOwned } from '../../../kernel/operation/list.ts';
import { keyRow } from '../../store.ts';

export const listKeys: Handler<typeof operation, HandlerPorts> = (call, { platform }) =>
  listOwned(operation, keyRow, call, platform);
