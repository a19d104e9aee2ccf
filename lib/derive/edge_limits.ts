// Bounds that the edge puts on callers, by the minute: derived from what tenants are promised, so that none of them is ever
// refused at the edge what its own limits allow.

import { rateClasses, requestsPerSecond } from '../../contract/kernel/rates.ts';
import { ingressThrottle } from '../../contract/processor_events/limits.ts';

/** AWS WAF counts over 60, 120, 300 or 600 s (AWS WAF developer guide, "Rate-based rule high-level settings", read 2026-11). */
export const edgeWindowSeconds = 60;

const tenantPerSecond = rateClasses.reduce((sum, rateClass) => sum + requestsPerSecond[rateClass], 0);

export const edgeLimits = {
  /** One credential: all that its tenant may do, a quarter more for WAF's own imprecision. */
  requestsPerCredential: Math.ceil(tenantPerSecond * edgeWindowSeconds * 1.25),
  /** One address, which may be a platform that calls for several tenants. */
  requestsPerAddress: tenantPerSecond * edgeWindowSeconds * 2,
  /** One address without anything that looks like one of our keys: a reader of the documentation, or a scanner. */
  requestsOfStranger: 300,
  /** One address at the ingress: a provider, which has few of them, or a flood, which must leave providers half. */
  requestsOfNotifier: (ingressThrottle.requestsPerSecond * edgeWindowSeconds) / 2,
} as const;

/** What a key looks like, in lower case: anything else is a stranger's. */
export const credentialShape = '^bearer (sk|ok)_[a-z]';

export const retryAfterSeconds = edgeWindowSeconds;
