// Reads one tenant, for operators.

import { getTenant as operation } from '../../../../contract/tenants/operations.ts';
import { withOpenFields } from '../../../kernel/crypto/sealed_fields.ts';
import { get } from '../../../kernel/operation/get.ts';
import { tenantRow } from '../../store.ts';

export const getTenant = get(operation, tenantRow, withOpenFields);
