// Lists the caller's connections, newest first, without their credentials.

import { listConnections as operation } from '../../../contract/operations/connections.ts';
import { withTexts } from '../../crypto/texts.ts';
import { connectionRow } from '../../store/providers.ts';
import type { Handler, HandlerPorts } from '../handler.ts';
import { listOwned } from '../list.ts';

export const listConnections: Handler<typeof operation, HandlerPorts> = (call, { platform, keyring }) =>
  listOwned(operation, connectionRow, call, platform, (found) => withTexts(keyring, found));
