// Service levels over 28 rolling days (promise SLO-1), by class of operation.

export interface ServiceLevel {
  readonly availability: number;
  readonly p99Ms: number;
}

export const slo = {
  read: { availability: 0.999, p99Ms: 150 },
  write: { availability: 0.999, p99Ms: 400 },
  money: { availability: 0.9995, p99Ms: 800 },
} as const satisfies Record<string, ServiceLevel>;

export type SloClass = keyof typeof slo;
