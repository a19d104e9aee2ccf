// What events carry of this capability: nothing personal, so that an erasure has nothing to look for in them.

import { BareCustomer } from './customer.ts';
import { BarePaymentMethod } from './payment_method.ts';

export const eventObjects = { customer: BareCustomer, payment_method: BarePaymentMethod };
