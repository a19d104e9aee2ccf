// Reads the caller's own business, with what its verification still needs.

import { getBusiness as operation } from '../../../../contract/tenants/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { read } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { type BusinessPorts, readState } from '../../change_state.ts';

export const getBusiness = route(operation, async (call, ports: BusinessPorts) =>
  read(serialize(operation.reply, await readState(ports, call))),
);
