// Reads one connection of the caller's, without its credentials; one that was deleted is not there any more.

import { getConnection as operation } from '../../../contract/operations/connections.ts';
import { withTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { loadConnection } from '../../store/providers.ts';
import { memberOf, owns } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getConnection: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = (await loadConnection(platform, call.params.connection_id ?? ''))?.value;
  if (found === undefined || !owns(memberOf(call.identity), found) || found.status === 'deleted') {
    throw new Refusal('connection_not_found');
  }
  return read(represent(operation.reply, await withTexts(keyring, found)));
};
