// Reads one event.

import { getEvent as operation } from '../../../contract/operations/events.ts';
import { withEventTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { loadEvent } from '../../store/events.ts';
import { memberOf } from '../caller.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getEvent: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const { tenant, mode } = memberOf(call.identity);
  const event = await loadEvent(platform, `${tenant}#${mode}`, call.params.event_id ?? '');
  if (event === undefined) throw new Refusal('event_not_found');
  return read(represent(operation.reply, await withEventTexts(keyring, event)));
};
