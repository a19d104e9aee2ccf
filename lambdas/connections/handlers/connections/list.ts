// Lists the caller's connections, newest first, without their credentials.

import { listConnections as operation } from '../../../../contract/connections/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import type { Handler, HandlerPorts } from '../../../kernel/operation/call.ts';
import { listOwned } from '../../../kernel/operation/list.ts';
import { connectionRow } from '../../store.ts';

export const listConnections: Handler<typeof operation, HandlerPorts> = (call, { platform, keyring }) =>
  listOwned(operation, connectionRow, call, platform, (found) => withOpenFields(keyring, found));
