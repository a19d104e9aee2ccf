// The one route that asks for no credential, as the gateway and the edge name it to exempt it from what is meant for callers
// with keys. Its own throttle is in contract/processor_events/limits.ts.

import { ingress } from '../../contract/processor_events/ingress.ts';

/** In `methodOptions` of a stage. */
export const ingressMethod = `${ingress.path}/${ingress.method}`;

/**
 * Its path as AWS WAF sees it, and no other: with the stage's name before it, unless the API has a domain of its own
 * (known, not looked up). Any other spelling is treated like the other routes.
 */
export const ingressPathShape = `^(/api)?${ingress.path.replaceAll(/\{\w+\}/g, '[a-z0-9_]+')}$`;
