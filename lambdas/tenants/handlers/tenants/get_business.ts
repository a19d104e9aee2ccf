// Reads a tenant's business and what was proposed about it, for operators.

import { getTenantBusiness as operation } from '../../../../contract/tenants/operations.ts';
import { serialize } from '../../../kernel/domain/serialize.ts';
import { read } from '../../../kernel/operation/call.ts';
import { route } from '../../../kernel/operation/route.ts';
import { type BusinessPorts, readState } from '../../change_state.ts';

export const getTenantBusiness = route(operation, async (call, ports: BusinessPorts) =>
  read(serialize(operation.reply, await readState(ports, call))),
);
