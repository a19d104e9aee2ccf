// Rate limits per tenant, mode and class of operation: the first line against floods (promise API-2). API Gateway's usage
// plans are best-effort, so no rule about money rests on them.

import type { Operation } from './operation.ts';
import { type Mode, modes } from './roles.ts';
import type { ZoneName } from './zones.ts';

/** `payer`: all that publishable keys of a tenant do together. */
export const rateClasses = ['read', 'write', 'money', 'payer', 'admin'] as const;
export type RateClass = (typeof rateClasses)[number];

/** Sustained requests a second in live mode. */
export const requestsPerSecond: Record<RateClass, number> = {
  read: 1_000,
  write: 200,
  money: 100,
  payer: 100,
  admin: 50,
};

/** Test mode has a tenth. */
export const rateShare: Record<Mode, number> = { live: 1, test: 0.1 };

/**
 * Whoever paused may send this many at once: one second's worth, and never fewer than this. A tenth of the money limit
 * would leave a burst of 10, and an ordinary test suite sends many times that before it looks at an answer.
 */
const burstMinRequests = 200;

/** A limit of its own: one usage plan. */
export interface Rate {
  readonly mode: Mode;
  readonly rateClass: RateClass;
  readonly requestsPerSecond: number;
  readonly burstRequests: number;
}

export const rates: readonly Rate[] = modes.flatMap((mode) =>
  rateClasses.map((rateClass) => {
    const sustained = Math.round(requestsPerSecond[rateClass] * rateShare[mode]);
    return {
      mode,
      rateClass,
      requestsPerSecond: sustained,
      burstRequests: Math.max(sustained, burstMinRequests),
    };
  }),
);

/** What a rate is called in variables and templates. */
export const rateName = ({ mode, rateClass }: Pick<Rate, 'mode' | 'rateClass'>): string => `${mode}.${rateClass}`;

/** Operations that only operators may call are `admin`; others go by their service level. */
export const rateClassOf = (operation: Operation): RateClass =>
  operation.actors.every((actor) => actor === 'operator') ? 'admin' : operation.slo;

/** The class of a route that has none: the one with the least. */
export const leastClass = 'admin' satisfies RateClass;

/**
 * The API Gateway key under which a caller's requests are counted: the authorizer names it, no client ever sends it, so it
 * is no secret. It names stage and zone, since no two keys of an account and region may be the same. 20 to 128 characters
 * (API Gateway developer guide, "API key file format", read 2026-11).
 */
export const usageKey = (
  { stage, zone }: { readonly stage: string; readonly zone: ZoneName },
  subject: string,
  { mode, rateClass }: Pick<Rate, 'mode' | 'rateClass'>,
): string => `strongroom-${stage}-${zone}-${subject}-${mode}-${rateClass}`.replaceAll('_', '-');

/** Who share a limit, whose keys the templates make: tenants that have no keys of their own yet, operators, refused keys. */
export const sharedSubjects = ['new-tenants', 'operators', 'refused'] as const;
export type SharedSubject = (typeof sharedSubjects)[number];

/** The one rate of those for whom it doesn't count what they ask. */
export const singleRate = { mode: 'live', rateClass: leastClass } as const satisfies Pick<Rate, 'mode' | 'rateClass'>;

/** The rates under which a shared subject is counted: new tenants as any tenant is. */
export const sharedRates: Record<SharedSubject, readonly Pick<Rate, 'mode' | 'rateClass'>[]> = {
  'new-tenants': rates,
  operators: [singleRate],
  refused: [singleRate],
};

/** A tenant's own keys are made behind its creation and take a while to work; until then it shares the limits of new tenants. */
export const newTenantMs = 600_000;

/**
 * How usage keys are made. API Gateway takes 5 CreateApiKey a second, per account and not to be raised (developer guide,
 * "Amazon API Gateway quotas", read 2026-11): one after the other, at most 4 a second, leaves room for a deployment.
 */
export const usageKeyLimits = {
  createEveryMs: 250,
  /** Of one call, throttled ones included. */
  attempts: 5,
  /** Keys whose name begins as asked: ours are whole names, so there is one. */
  foundByName: 25,
  /** No other tenant is begun when this much of the function's own time limit is left. */
  reserveMs: 20_000,
} as const;
