// What an alarm is, as plain data: what is wrong, what users notice, and what is measured. An alarm's name is its runbook's
// (docs/runbooks/<name>.md). An alarm of several parts is a composite of alarms `<name>.<part>`.

import type { FunctionName } from '../../contract/capabilities.ts';
import { functionName, type ZoneDeployment } from './names.ts';

/** Metric math of one alarm (CloudWatch quotas, "Metrics in one alarm", read 2026-11). */
export const metricsPerAlarm = 10;

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
}

export interface AlarmPart {
  /** Absent where there is one part alone. */
  readonly part?: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Metric math over `metrics`; absent: the one metric itself. */
  readonly expression?: string;
  readonly periodMinutes: number;
  readonly periods: number;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** Whether a period without data is good (nothing happened) or bad (nothing works). */
  readonly treatMissingData: 'notBreaching' | 'breaching';
  /** Whether it is written without metric queries, which Route 53 does not read (developer guide, "Monitoring a CloudWatch alarm"). */
  readonly plain?: true;
}

export interface Alarm {
  readonly name: string;
  readonly impact: string;
  /** The condition on which it goes off, in words. */
  readonly when: string;
  readonly parts: readonly AlarmPart[];
  /** Whether one part is enough, or all must agree. */
  readonly combine: 'any' | 'all';
}

/** One zone, and what only its other stacks know of it. */
export interface MonitoredZone {
  readonly deployment: ZoneDeployment;
  /** Ids of each function's event source mappings. */
  readonly mappings: Readonly<Partial<Record<FunctionName, readonly string[]>>>;
}

/** Goes off above the threshold; a period without data is good, because nothing happened in it. */
export const above = (threshold: number) =>
  ({ comparison: 'above', threshold, treatMissingData: 'notBreaching' }) as const;

/** Goes off as soon as it happens once. */
export const once = { ...above(0), periodMinutes: 5, periods: 1 } as const;

export const inARow = ({ periods, periodMinutes }: Pick<AlarmPart, 'periods' | 'periodMinutes'>): string =>
  `${periodMinutes === 1 ? `${periods} minutes` : `${periods} periods of ${periodMinutes} min`} in a row`;

export const functionMetric = (
  deployment: ZoneDeployment,
  of: FunctionName,
  name: string,
  statistic: Metric['statistic'] = 'Sum',
): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName(deployment, of) },
  statistic,
});
