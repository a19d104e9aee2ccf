// Alarms on functions: errors and throttles of any of them, failures that a function logs and survives, and schedules that
// no longer start theirs.

import { type FunctionName, type FunctionRow, functions } from '../../contract/capabilities.ts';
import type { FailureAlarm } from '../../contract/kernel/function.ts';
import { type Alarm, type AlarmPart, above, functionMetric, inARow, once } from './alarm.ts';
import { messageMetric } from './log_counts.ts';
import type { ZoneDeployment } from './names.ts';

const rows = Object.entries(functions) as [FunctionName, FunctionRow][];
const names = rows.map(([name]) => name);

const threeMinutes = { periodMinutes: 1, periods: 3 } as const;

/** One part per function: an alarm takes too few metrics for all of them at once. */
const ofEach = (deployment: ZoneDeployment, of: readonly FunctionName[], metric: string): AlarmPart[] =>
  of.map((name) => ({
    part: name,
    metrics: { count: functionMetric(deployment, name, metric) },
    ...threeMinutes,
    ...above(0),
  }));

const failing = (deployment: ZoneDeployment): Alarm => ({
  name: 'functions-failing',
  impact: 'a function crashes, times out or runs out of memory',
  when: `a function ends in an error, ${inARow(threeMinutes)}`,
  // An authorizer refuses unknown callers by an error, as API Gateway demands: the alarm of its row counts its failures.
  parts: ofEach(
    deployment,
    names.filter((name) => functions[name].trigger.kind !== 'authorizer'),
    'Errors',
  ),
  combine: 'any',
});

const throttled = (deployment: ZoneDeployment): Alarm => ({
  name: 'functions-throttled',
  impact: 'requests are refused, or work behind them waits, because no more instances of a function may run',
  when: `a function is throttled, ${inARow(threeMinutes)}`,
  parts: ofEach(deployment, names, 'Throttles'),
  combine: 'any',
});

/** Of a function that goes on when one of many fails, and so ends in no error. */
const loggedFailures = (
  deployment: ZoneDeployment,
  name: FunctionName,
  { trigger, impact }: FunctionRow,
  { message, when, periodMinutes, periods }: FailureAlarm,
): Alarm => {
  const timing = { periodMinutes, periods };
  const failures: AlarmPart = { metrics: { failures: messageMetric(deployment, message) }, ...timing, ...above(0) };
  // The alarm on all functions wants errors minute by minute, so of rarer runs it would never go off.
  const runsRarely = trigger.kind === 'schedule' && trigger.everyMinutes > 1;
  const errors = { errors: functionMetric(deployment, name, 'Errors') };
  return {
    name: `${name}-failing`,
    impact,
    when: `${runsRarely ? 'a run ends in an error, or ' : ''}${when}, ${inARow(timing)}`,
    parts: runsRarely
      ? [
          { part: 'errors', metrics: errors, ...timing, ...above(0) },
          { part: 'failures', ...failures },
        ]
      : [failures],
    combine: 'any',
  };
};

/** Once is enough: Secrets Manager tries again, but hours may lie between. */
const rotationFailing = (deployment: ZoneDeployment, name: FunctionName, { impact }: FunctionRow): Alarm => ({
  name: `${name}-failing`,
  impact,
  when: 'a step of a rotation of a platform secret fails',
  parts: [{ metrics: { failed: functionMetric(deployment, name, 'Errors') }, ...once }],
  combine: 'any',
});

const stopped = (deployment: ZoneDeployment, name: FunctionName, impact: string, everyMinutes: number): Alarm => ({
  name: `${name}-stopped`,
  impact,
  when: `${name} did not start for ${5 * everyMinutes} min`,
  parts: [
    {
      metrics: { starts: functionMetric(deployment, name, 'Invocations') },
      periodMinutes: everyMinutes,
      periods: 5,
      comparison: 'below',
      threshold: 1,
      treatMissingData: 'breaching',
    },
  ],
  combine: 'any',
});

export const functionAlarms = (deployment: ZoneDeployment): Alarm[] => [
  failing(deployment),
  throttled(deployment),
  ...rows.flatMap(([name, row]) =>
    row.failureAlarm === undefined ? [] : [loggedFailures(deployment, name, row, row.failureAlarm)],
  ),
  ...rows.flatMap(([name, row]) => (row.trigger.kind === 'rotation' ? [rotationFailing(deployment, name, row)] : [])),
  ...rows.flatMap(([name, { trigger, impact }]) =>
    trigger.kind === 'schedule' ? [stopped(deployment, name, impact, trigger.everyMinutes)] : [],
  ),
];
