// Every alarm of a zone, as plain data: what is wrong, what users notice, and what is measured. An alarm's name is its
// runbook's (docs/runbooks/<name>.md). An alarm of several parts is a composite of alarms `<name>.<part>`.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import { type ServiceLevel, type SloClass, slo } from '../../contract/kernel/slo.ts';
import { rotationLimits } from '../../contract/rotation/limits.ts';
import { logged } from './log_counts.ts';
import { apiName, functionName, type ZoneDeployment } from './names.ts';
import { processorAlarms } from './processor_alarms.ts';
import { queueAlarms } from './queue_alarms.ts';
import { rewrapAlarms } from './rewrap_alarms.ts';

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'p99';
}

export interface Part {
  /** Absent where there is but one. */
  readonly part?: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Metric math over `metrics`; absent: the one metric itself. */
  readonly expression?: string;
  readonly periodMinutes: number;
  readonly periods: number;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** What no data means: nothing happened (`fine`), or nothing works (`wrong`). */
  readonly treatMissingData: 'notBreaching' | 'breaching';
}

export interface Alarm {
  readonly name: string;
  readonly impact: string;
  /** When it goes off, in words. */
  readonly when: string;
  readonly parts: readonly Part[];
  /** Whether one part is enough, or all must agree. */
  readonly combine: 'any' | 'all';
}

export interface Watched {
  readonly place: ZoneDeployment;
  /** Ids of each function's event source mappings. */
  readonly mappings: Readonly<Partial<Record<FunctionName, readonly string[]>>>;
}

/** Goes off when it happens at all. */
const atAll = {
  periodMinutes: 5,
  periods: 1,
  comparison: 'above',
  threshold: 0,
  treatMissingData: 'notBreaching',
} as const;

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const streaming = rows.filter(([, { trigger }]) => trigger.kind === 'streams');
const scheduled = rows.flatMap(([name, { trigger, impact }]) =>
  trigger.kind === 'schedule' ? [{ name, impact, everyMinutes: trigger.everyMinutes }] : [],
);

const ofFunction = (
  place: ZoneDeployment,
  of: FunctionName,
  name: string,
  statistic: Metric['statistic'] = 'Sum',
): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName(place, of) },
  statistic,
});

export const classMetric = (of: SloClass, name: string, statistic: Metric['statistic']): Metric => ({
  namespace: 'Strongroom',
  name,
  dimensions: { service: 'api', slo: of },
  statistic,
});

/** At this rate the errors that 28 days allow are spent within 47 hours (Google SRE workbook, "Alerting on SLOs"). */
const burnRate = 14.4;
const burnWindowsMinutes = [5, 60] as const;

const classes = Object.entries(slo) as [SloClass, ServiceLevel][];

const burning = ([of, { availability }]: [SloClass, ServiceLevel]): Alarm => ({
  name: `slo-${of}-burning`,
  impact: `requests of the class ${of} fail ${burnRate} times as often as the service level of ${availability * 100} % allows`,
  when: `${burnRate} times the allowed faults over ${burnWindowsMinutes.join(' min and over ')} min`,
  parts: burnWindowsMinutes.map((minutes) => ({
    part: `${minutes}m`,
    metrics: { requests: classMetric(of, 'requests', 'Sum'), faults: classMetric(of, 'faults', 'Sum') },
    // One fault among a handful of requests is no rate.
    expression: 'IF(faults > 1, faults / requests, 0)',
    periodMinutes: minutes,
    periods: 1,
    comparison: 'above',
    threshold: Number((burnRate * (1 - availability)).toFixed(6)),
    treatMissingData: 'notBreaching',
  })),
  combine: 'all',
});

const slow = ([of, { p99Ms }]: [SloClass, ServiceLevel]): Alarm => ({
  name: `slo-${of}-slow`,
  impact: `one in a hundred requests of the class ${of} takes longer than ${p99Ms} ms`,
  when: `p99 above ${p99Ms} ms for 15 min`,
  parts: [
    {
      metrics: { duration: classMetric(of, 'duration', 'p99') },
      periodMinutes: 5,
      periods: 3,
      comparison: 'above',
      threshold: p99Ms,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

const gatewayFailing = (place: ZoneDeployment): Alarm => {
  const metric = (name: string): Metric => ({
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: { ApiName: apiName(place), Stage: 'api' },
    statistic: 'Sum',
  });
  return {
    name: 'gateway-failing',
    impact: 'requests fail before or behind our code, where no service level counts them',
    when: 'more than 1 % of the API’s answers are 5xx for 5 min',
    parts: [
      {
        metrics: { requests: metric('Count'), faults: metric('5XXError') },
        expression: 'IF(faults > 1, faults / requests, 0)',
        periodMinutes: 1,
        periods: 5,
        comparison: 'above',
        threshold: 0.01,
        treatMissingData: 'notBreaching',
      },
    ],
    combine: 'any',
  };
};

/** One part per function: an alarm takes too few metrics for all of them at once. */
const ofEach = (place: ZoneDeployment, names: readonly FunctionName[], metric: string, periods: number): Part[] =>
  names.map((name) => ({
    part: name,
    metrics: { count: ofFunction(place, name, metric) },
    periodMinutes: 1,
    periods,
    comparison: 'above',
    threshold: 0,
    treatMissingData: 'notBreaching',
  }));

const failing = (place: ZoneDeployment): Alarm => ({
  name: 'functions-failing',
  impact: 'a function crashes, times out or runs out of memory',
  when: 'a function ends in an error in 3 minutes running',
  // The authorizer refuses strangers by an error, as API Gateway demands: authorizer-failing watches it.
  parts: ofEach(
    place,
    rows.map(([name]) => name).filter((name) => name !== 'authorizer'),
    'Errors',
    3,
  ),
  combine: 'any',
});

const throttled = (place: ZoneDeployment): Alarm => ({
  name: 'functions-throttled',
  impact: 'requests are refused, or work behind them waits, because no more instances of a function may run',
  when: 'a function is throttled in 3 minutes running',
  parts: ofEach(
    place,
    rows.map(([name]) => name),
    'Throttles',
    3,
  ),
  combine: 'any',
});

const authorizerFailing = (place: ZoneDeployment): Alarm => ({
  name: 'authorizer-failing',
  impact: functions.authorizer.impact,
  when: 'the authorizer fails (strangers are no failure) in 3 minutes running',
  parts: [
    {
      metrics: { failed: logged(place, 'authorizer_failed') },
      periodMinutes: 1,
      periods: 3,
      comparison: 'above',
      threshold: 0,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

const lateMs = 60_000;

const late = (place: ZoneDeployment, name: FunctionName, impact: string): Alarm => ({
  name: `${name}-late`,
  impact,
  when: `${name} is more than ${lateMs / 1000} s behind a table's stream for 5 min`,
  parts: [
    {
      metrics: { age: ofFunction(place, name, 'IteratorAge', 'Maximum') },
      periodMinutes: 1,
      periods: 5,
      comparison: 'above',
      threshold: lateMs,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

const failedStreamRecords = ({ place, mappings }: Watched): Alarm[] => {
  const set = streaming.flatMap(([name]) =>
    (mappings[name] ?? []).map((id, index): [string, Metric] => [
      `${name}${index + 1}`,
      {
        namespace: 'AWS/Lambda',
        name: 'OnFailureDestinationDeliveredEventCount',
        dimensions: { EventSourceMappingUUID: id },
        statistic: 'Sum',
      },
    ]),
  );
  return [
    {
      name: 'failed-stream-records',
      impact:
        'what follows from a committed change (event, audit entry, limits, settlement) is missing: its record lies in the bucket of failed stream records',
      when: 'a record is kept aside, or cannot be read',
      parts: [
        {
          metrics: { ...Object.fromEntries(set), unreadable: logged(place, 'record_unreadable') },
          expression: [...set.map(([id]) => id), 'unreadable'].map((id) => `FILL(${id}, 0)`).join(' + '),
          ...atAll,
        },
      ],
      combine: 'any',
    },
    {
      name: 'failed-stream-records-lost',
      impact: 'a record that no function could take was not kept either: its change is in the table alone',
      when: 'Lambda could not write to the bucket of failed stream records',
      parts: [
        ...streaming.map(
          ([name]): Part => ({
            part: name,
            metrics: { lost: ofFunction(place, name, 'DestinationDeliveryFailures') },
            ...atAll,
          }),
        ),
      ],
      combine: 'any',
    },
  ];
};

const stopped = (place: ZoneDeployment, { name, impact, everyMinutes }: (typeof scheduled)[number]): Alarm => ({
  name: `${name}-stopped`,
  impact,
  when: `${name} did not start for ${5 * everyMinutes} min`,
  parts: [
    {
      metrics: { starts: ofFunction(place, name, 'Invocations') },
      periodMinutes: everyMinutes,
      periods: 5,
      comparison: 'below',
      threshold: 1,
      treatMissingData: 'breaching',
    },
  ],
  combine: 'any',
});

/** Once is enough: Secrets Manager tries again, but hours may lie between. */
const rotatorFailing = (place: ZoneDeployment): Alarm => ({
  name: 'rotator-failing',
  impact: functions.rotator.impact,
  when: 'a step of a rotation of a platform secret fails',
  parts: [{ metrics: { failed: ofFunction(place, 'rotator', 'Errors') }, ...atAll }],
  combine: 'any',
});

const secretsOverdue = (place: ZoneDeployment): Alarm => ({
  name: 'secrets-overdue',
  impact: functions.rotator.impact,
  when: `whoever reads a platform secret finds it more than ${rotationLimits.graceDays} days older than its period`,
  parts: [{ metrics: { readings: logged(place, 'secret_overdue') }, ...atAll, periodMinutes: 60 }],
  combine: 'any',
});

/** Of a function that goes on when one of many fails, and so ends in no error. */
const itemsFailing = (place: ZoneDeployment, name: FunctionName, message: string, when: string): Alarm => ({
  name: `${name}-failing`,
  impact: functions[name].impact,
  when,
  parts: [
    {
      metrics: { items: logged(place, message) },
      periodMinutes: 1,
      periods: 5,
      comparison: 'above',
      threshold: 0,
      treatMissingData: 'notBreaching',
    },
  ],
  combine: 'any',
});

export const alarmsOf = (watched: Watched): Alarm[] => {
  const { place } = watched;
  return [
    ...classes.map(burning),
    ...classes.map(slow),
    gatewayFailing(place),
    failing(place),
    throttled(place),
    authorizerFailing(place),
    ...streaming.map(([name, { impact }]) => late(place, name, impact)),
    ...failedStreamRecords(watched),
    ...scheduled.map((row) => stopped(place, row)),
    itemsFailing(place, 'reconciler', 'sweep_item_failed', 'a sweep could not settle something in 5 minutes running'),
    itemsFailing(place, 'deliver', 'deliver_failed', 'a message failed by a fault of ours in 5 minutes running'),
    rotatorFailing(place),
    secretsOverdue(place),
    ...rewrapAlarms(place),
    ...processorAlarms(place),
    ...queueAlarms(place),
  ];
};
