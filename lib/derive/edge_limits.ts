// Bounds that the edge puts on callers, by the minute: derived from the limits of tenants, so that the edge refuses no tenant
// what its own limits allow.

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
  requestsPerAnonymousAddress: 300,
  /** One address at the ingress: a processor, which has few of them, or a flood, which must leave processors half. */
  requestsPerProcessorAddress: (ingressThrottle.requestsPerSecond * edgeWindowSeconds) / 2,
} as const;

/** What a key looks like, in lower case: a caller without one is anonymous. */
export const credentialShape = '^bearer (sk|ok)_[a-z]';

export const retryAfterSeconds = edgeWindowSeconds;
