// Stops a tenant's live charges, and its refunds where that is said. It may be repeated with other words.

import { suspendTenant as operation } from '../../../../contract/tenants/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { changeState, ofTenant } from '../../change_state.ts';
import { suspendTenant as decide } from '../../domain/tenant.ts';

export const suspendTenant = changeState(
  operation,
  ofTenant((tenant, { body }, now) => decide(tenant, body, now)),
  ({ tenant }, { keyring }) => withOpenFields(tenant, keyring),
);
