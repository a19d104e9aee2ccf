// The one route that asks for no credential, as gateway and edge know it: how much it may take from the others, and by
// which path alone it is exempt from what is meant for callers of ours.

import { ingress } from '../../contract/processor_events/ingress.ts';

/** In `methodOptions` of a stage. */
export const ingressMethod = `${ingress.path}/${ingress.method}`;

/**
 * Its path as AWS WAF sees it, and no other: with the stage's name before it, unless the API has a domain of its own
 * (known, not looked up). Whatever is spelt otherwise is judged like the rest.
 */
export const ingressPathShape = `^(/api)?${ingress.path.replaceAll(/\{\w+\}/g, '[a-z0-9_]+')}$`;
