// Closes a tenant's live mode for good. Its keys go on reading and refunding.

import { closeTenant as operation } from '../../../../contract/tenants/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { changeState, ofTenant } from '../../change_state.ts';
import { closeTenant as decide } from '../../domain/tenant.ts';

export const closeTenant = changeState(
  operation,
  ofTenant((tenant, _, now) => decide(tenant, now)),
  ({ tenant }, { keyring }) => withOpenFields(tenant, keyring),
);
