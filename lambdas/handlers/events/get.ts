// Reads one event.

import { getEvent as operation } from '../../../contract/operations/events.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import type { Platform } from '../../platform/platform.ts';
import { loadEvent } from '../../store/events.ts';
import { memberOf } from '../caller.ts';
import { fresh, type Handler } from '../handler.ts';

export const getEvent: Handler<typeof operation, Platform> = async (call, platform) => {
  const { tenant, mode } = memberOf(call.identity);
  const event = await loadEvent(platform, `${tenant}#${mode}`, call.params.event_id ?? '');
  if (event === undefined) throw new Refusal('event_not_found');
  return fresh(represent(operation.reply, event));
};
