// Reads one event.

import { getEvent as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { ownerOf } from '../../../kernel/domain/tenant_scope.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { notFound } from '../../../kernel/operation/named.ts';
import { route } from '../../../kernel/operation/route.ts';
import { loadEvent } from '../../store.ts';

export const getEvent = route(operation, async (call, { platform, keyring }: HandlerPorts) => {
  const event = await loadEvent(platform, ownerOf(call.scope), call.params.event_id);
  if (event === undefined) throw notFound('event');
  return read(serialize(operation.reply, await withOpenEventFields(event, keyring)));
});
