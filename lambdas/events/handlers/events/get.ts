// Reads one event.

import { getEvent as operation } from '../../../../contract/events/operations.ts';
import { withOpenEventFields } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { tenantScopeOf } from '../../../kernel/operation/scope.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { loadEvent } from '../../store.ts';

export const getEvent: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = tenantScopeOf(call.identity);
  const event = await loadEvent(platform, `${tenant}#${mode}`, call.params.event_id ?? '');
  if (event === undefined) throw new Refusal('event_not_found');
  return read(serialize(operation.reply, await withOpenEventFields(keyring, event)));
};
