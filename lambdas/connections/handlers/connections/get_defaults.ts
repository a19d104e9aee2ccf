// Reads which connections take payments that name none.

import { getConnectionDefaults as operation } from '../../../../contract/connections/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { loadDefaults } from '../../store.ts';

export const getConnectionDefaults = route(operation, async ({ scope }, { platform }: HandlerPorts) =>
  read(serialize(operation.reply, (await loadDefaults(platform, scope)).value)),
);
