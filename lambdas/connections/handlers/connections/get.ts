// Reads one connection of the caller's, without its credentials; one that was deleted is not there any more.

import { getConnection as operation } from '../../../../contract/connections/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { owns, tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { loadConnection } from '../../store.ts';

export const getConnection: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const found = (await loadConnection(platform, call.params.connection_id ?? ''))?.value;
  if (found === undefined || !owns(tenantScopeOf(call.identity), found) || found.status === 'deleted') {
    throw new Refusal('connection_not_found');
  }
  return read(serialize(operation.reply, await withOpenFields(keyring, found)));
};
