// Changes a tenant's name or metadata; never its zone.

import { updateTenant as operation } from '../../../../contract/tenants/operations.ts';
import { changedFields, withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { change } from '../../../kernel/operation/change.ts';
import { updateTenant as decide } from '../../domain/tenant.ts';
import { tenantRow } from '../../store.ts';

export const updateTenant = change(
  operation,
  tenantRow,
  async (tenant, { body: { name, metadata } }, { keyring }) =>
    decide(tenant, { name }, await changedFields(keyring, tenant, { metadata })),
  withOpenFields,
);
