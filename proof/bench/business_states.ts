// What must have happened to a tenant before an operation on its business or its standing can be counted.

import type { Operation } from '../../contract/capabilities.ts';
import {
  proposeVerification,
  submitBusiness,
  suspendTenant,
  updateBusiness,
} from '../../contract/tenants/operations.ts';

/** By operation, in this order. */
export const businessStates = {
  'business/get': [updateBusiness],
  'business/update': [],
  'business/submit': [updateBusiness],
  'tenants/get_business': [updateBusiness],
  'tenants/propose_verification': [updateBusiness, submitBusiness],
  'tenants/confirm_verification': [updateBusiness, submitBusiness, proposeVerification],
  'tenants/suspend': [],
  'tenants/resume': [suspendTenant],
  'tenants/close': [],
} as const satisfies Readonly<Record<string, readonly Operation[]>>;
