// Ends a suspension: what the tenant may do follows from its verification again.

import { resumeTenant as operation } from '../../../../contract/tenants/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';

import { changeState, ofTenant } from '../../change_state.ts';
import { resumeTenant as decide } from '../../domain/tenant.ts';

export const resumeTenant = changeState(
  operation,
  ofTenant((tenant) => decide(tenant)),
  ({ tenant }, { keyring }) => withOpenFields(tenant, keyring),
);
