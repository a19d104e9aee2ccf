// What events carry of this capability: public forms, without what merchants wrote in their own words. An event holds that
// sealed, as the row does.

import * as v from 'valibot';
import { Key } from './key.ts';
import { Tenant } from './tenant.ts';

export const eventObjects = { key: Key, tenant: v.omit(Tenant, ['metadata']) };
