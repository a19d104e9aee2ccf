// Alarms on service levels: on the rate at which the errors that a level allows are spent, and on the time that answers take.

import { type ServiceLevel, type SloClass, slo } from '../../contract/kernel/slo.ts';
import { type Alarm, above, type Metric } from './alarm.ts';

export const sloMetric = (of: SloClass, name: string, statistic: Metric['statistic']): Metric => ({
  namespace: 'Strongroom',
  name,
  dimensions: { service: 'api', slo: of },
  statistic,
});

/** At this rate the errors that 28 days allow are spent within 47 hours (Google SRE workbook, "Alerting on SLOs"). */
const burnRate = 14.4;
const burnWindowsMinutes = [5, 60] as const;

const burning = ([of, { availability }]: [SloClass, ServiceLevel]): Alarm => ({
  name: `slo-${of}-burning`,
  impact: `requests of the class ${of} fail ${burnRate} times as often as the service level of ${availability * 100} % allows`,
  when: `${burnRate} times the allowed faults over ${burnWindowsMinutes.join(' min and over ')} min`,
  parts: burnWindowsMinutes.map((minutes) => ({
    part: `${minutes}m`,
    metrics: { requests: sloMetric(of, 'requests', 'Sum'), faults: sloMetric(of, 'faults', 'Sum') },
    // One fault among a handful of requests is no rate.
    expression: 'IF(faults > 1, faults / requests, 0)',
    periodMinutes: minutes,
    periods: 1,
    ...above(Number((burnRate * (1 - availability)).toFixed(6))),
  })),
  combine: 'all',
});

const slow = ([of, { p99Ms }]: [SloClass, ServiceLevel]): Alarm => ({
  name: `slo-${of}-slow`,
  impact: `one in a hundred requests of the class ${of} takes longer than ${p99Ms} ms`,
  when: `p99 above ${p99Ms} ms for 15 min`,
  parts: [
    {
      metrics: { duration: sloMetric(of, 'duration', 'p99') },
      periodMinutes: 5,
      periods: 3,
      ...above(p99Ms),
    },
  ],
  combine: 'any',
});

const levels = Object.entries(slo) as [SloClass, ServiceLevel][];

export const sloAlarms: readonly Alarm[] = [...levels.map(burning), ...levels.map(slow)];
