// Service levels over 28 rolling days (promise SLO-1), by class of operation; what is delivered to merchants and what
// processors tell are classes of their own.

export interface ServiceLevel {
  readonly availability: number;
  readonly p99Ms: number;
}

export const slo = {
  read: { availability: 0.999, p99Ms: 150 },
  write: { availability: 0.999, p99Ms: 400 },
  money: { availability: 0.9995, p99Ms: 800 },
  /** From a committed change to the first attempt to tell an endpoint (promise WHK-4). Receivers’ own faults are none. */
  delivery: { availability: 0.9995, p99Ms: 2_000 },
  /** What processors tell, taken in and answered (promise WHK-4). What is not rightly signed is no fault of ours. */
  ingress: { availability: 0.9995, p99Ms: 200 },
} as const satisfies Record<string, ServiceLevel>;

export type SloClass = keyof typeof slo;
