// Reads one tenant, for operators.

import { getTenant as operation } from '../../../../contract/tenants/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { type Handler, type HandlerPorts, read } from '../../../kernel/operation/call.ts';
import { Refusal } from '../../../kernel/operation/refusal.ts';
import { serialize } from '../../../kernel/operation/serialize.ts';
import { load, tenantRow } from '../../store.ts';

export const getTenant: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const tenant = await load(platform, tenantRow, call.params.tenant_id ?? '');
  if (tenant === undefined) throw new Refusal('tenant_not_found');
  return read(serialize(operation.reply, await withOpenFields(keyring, tenant.value)));
};
