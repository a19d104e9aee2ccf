// Reads one event.

import { getEvent as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { loadEvent } from '../../store.ts';

export const getEvent: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const event = await loadEvent(platform, ownerOf(call.scope), call.params.event_id);
  if (event === undefined) throw notFound('event');
  return read(serialize(operation.reply, await withOpenEventFields(event, keyring)));
};
