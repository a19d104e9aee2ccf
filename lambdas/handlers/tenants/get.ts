// Reads one tenant, for operators.

import { getTenant as operation } from '../../../contract/operations/tenants.ts';
import { withTexts } from '../../crypto/texts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { represent } from '../../domain/representation.ts';
import { load, tenantRow } from '../../store/tenants.ts';
import { type Handler, type HandlerPorts, read } from '../handler.ts';

export const getTenant: Handler<typeof operation, HandlerPorts> = async (call, { platform, keyring }) => {
  const tenant = await load(platform, tenantRow, call.params.tenant_id ?? '');
  if (tenant === undefined) throw new Refusal('tenant_not_found');
  return read(represent(operation.reply, await withTexts(keyring, tenant.value)));
};
