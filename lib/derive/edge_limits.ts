// Bounds that the edge puts on callers, by the minute: derived from the limits of tenants, so that the edge refuses no tenant
// what its own limits allow.

import { credentialPattern } from '../../contract/kernel/credential.ts';
import { apiThrottle } from '../../contract/kernel/limits.ts';
import { rateClasses, requestsPerSecond } from '../../contract/kernel/rates.ts';
import type { ZoneName } from '../../contract/kernel/zones.ts';
import { ingressThrottle } from '../../contract/processor_events/limits.ts';

/** AWS WAF counts over 60, 120, 300 or 600 s (AWS WAF developer guide, "Rate-based rule high-level settings", read 2026-11). */
export const edgeWindowSeconds = 60;

const tenantPerSecond = rateClasses.reduce((sum, rateClass) => sum + requestsPerSecond[rateClass], 0);

const perTenant = Math.ceil(tenantPerSecond * edgeWindowSeconds * 1.25);

export const edgeLimits = {
  /** One credential: all that its tenant may do, a quarter more for WAF's own imprecision. */
  requestsPerCredential: perTenant,
  /**
   * One address, whatever credentials it sends: as much as one tenant. Of a credential only its form is seen here, and anybody
   * can make up as many of the right form as he likes.
   */
  requestsPerAddress: perTenant,
  /** One address without a credential of the whole form: a reader of the documentation, or a scanner. */
  requestsPerAnonymousAddress: 300,
  /** All addresses without one together: callers with keys have the rest of what the API takes. */
  requestsOfAnonymous: (apiThrottle.requestsPerSecond * edgeWindowSeconds) / 5,
  /** One address at the ingress: a processor, which has few of them, or a flood, which must leave processors half. */
  requestsPerProcessorAddress: (ingressThrottle.requestsPerSecond * edgeWindowSeconds) / 2,
} as const;

/** An Authorization header of the zone, in lower case: a caller without one is anonymous. */
export const authorizationPattern = (zone: ZoneName): string => `^bearer ${credentialPattern([zone])}$`;

export const retryAfterSeconds = edgeWindowSeconds;
